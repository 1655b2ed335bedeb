# Lets the tests of the client in Ruby run against a server, where they would play records of one: without the gems that
# they ask for, and without those that know by heart what was recorded (instances of the driver mock, its name, and in
# `id` the address of its server).
require 'minitest/spec'
require 'yaml'
ENV['API_URL'] = YAML.load_file(ENV.fetch('CONFIG'))['api_url']
ENV['NO_VCR'] = 'yes'
ARGV.push('--exclude', '/filtering #instances by|support #instance$|#create_image|supports #id$|switching drivers per instance/')

module Alone
  def require(name) = name == 'bundler/setup' ? false : super
end
Object.prepend(Alone)

module Bundler
  def self.require(*) = nil
end

module Turn
  def self.config = @config ||= Struct.new(:format).new
end

module VCR
  def self.insert_cassette(*) = nil
  def self.eject_cassette = nil
  def self.use_cassette(*) = yield
end

# What minitest calls name since its version 5.
Minitest::Spec.send(:alias_method, :__name__, :name)
