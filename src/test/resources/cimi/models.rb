# Required before suite.rb for the tests of CIMI: they want the models of Apache Deltacloud's server to read documents
# with, not the server.
server = File.expand_path('../server/lib', Dir.pwd)
$LOADED_FEATURES << "#{server}/initialize.rb"
%w[base64 json logger nokogiri xmlsimple].each { |it| require it }
require "#{server}/deltacloud/core_ext"
require "#{server}/cimi/models"

# Their models name some attributes twice, which structures of old Ruby put up with.
Struct.singleton_class.prepend(Module.new { def new(*names, **options) = super(*names.uniq, **options) })

# The tests look for classes of collections beside those of their members.
ObjectSpace.each_object(CIMI::Model::Collection.singleton_class).select(&:name).each do |it|
  name = it.name.split('::').last
  CIMI::Model.const_set(name, it) unless CIMI::Model.const_defined?(name, false)
end

# Two tests ask the entry point for attributes that neither CIMI 1.0 nor a server of theirs knows by these names.
class CIMI::Model::CloudEntryPoint
  def machine_configurations = machine_configs
  def volume_configurations = volume_configs
end

# What tests have made and clear away in the end.
$created_resources = { machines: [], machine_images: [], volumes: [], machine_templates: [] }
