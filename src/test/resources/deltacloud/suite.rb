# Runs a file of tests of Apache Deltacloud (ruby suite.rb FILE): lets tests of 2013 run with Ruby and libraries of today,
# and tells what became of each in the file that TOLD names, one object of JSON in each line.
require 'json'
require 'minitest'
require 'minitest/spec'
require 'minitest/unit'
require 'rest-client'

# Version 1 of rest-client, for which the tests were written, had a module where version 2 has a class of strings.
module RestClient
  Answer = Response
  remove_const :Response
  module Response
    def self.create(*parts) = Answer.create(*parts).extend(self)
  end

  class Request
    Unauthorized = RestClient::Unauthorized
    RequestFailed = RestClient::RequestFailed
    prepend(Module.new do
      def default_headers = super.merge(accept: '*/*; q=0.5, application/xml')
    end)
  end

  # Minitest makes errors that it cannot store anew, from their message alone.
  class Exception
    prepend(Module.new do
      def http_code = @response.instance_of?(String) ? nil : super
    end)
  end
end

module Minitest
  class Teller < AbstractReporter
    WORDS = { '.' => 'PASSED', 'S' => 'SKIPPED', 'F' => 'FAILED', 'E' => 'FAILED' }.freeze

    def start = @file = File.open(ENV.fetch('TOLD'), 'w')

    def record(result)
      @file.puts(JSON.generate('group' => result.klass, 'name' => result.name, 'state' => WORDS.fetch(result.result_code),
                               'message' => result.failure ? "#{result.failure.message}\n#{result.failure.location}" : ''))
      @file.flush
    end
  end

  def self.plugin_teller_init(_options) = reporter << Teller.new
  extensions << 'teller'
end

# Some tests say what may be heard while they run; Minitest speaks of their age in between.
Kernel.singleton_class.prepend(Module.new do
  def warn(*said, **how) = said.first.to_s.start_with?('DEPRECATED: global use of') ? nil : super
end)

# Blocks at the top level had class variables once: those of Object, so they were known everywhere.
file = ARGV.shift
eval(File.read(file).gsub(/@@(?=\w)/, '$'), TOPLEVEL_BINDING, file)
