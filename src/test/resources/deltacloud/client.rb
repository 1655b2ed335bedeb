# What somebody does with the client in Ruby of Apache Deltacloud, at the entry point in API_URL.
require 'deltacloud/client'
client = Deltacloud::Client(ENV.fetch('API_URL'), 'mockuser', 'mockpassword')

def failure
  yield
rescue StandardError => e
  e.class.name.split('::').last
end

# A busy machine may take longer than an answer waits.
def settled(client, id)
  120.times.lazy.map { |turn| sleep(turn.zero? ? 0 : 0.5) && client.instance(id) }.find { |it| !%w[PENDING STOPPING].include?(it.state) }
end

puts "#{client.current_driver} of #{client.realms.map(&:_id).join(', ')} with #{client.images.map(&:_id).join(', ')}"
made = settled(client, client.create_instance('img1', name: 'walker', realm_id: 'eu', hwp_id: 'm1-large')._id)
puts "#{made.name} is #{made.state} at #{made.realm.name} of #{made.image.name} as #{made.hardware_profile.name}"
puts %i[stop! start! reboot! stop!].map { |act| (made = settled(client, made.send(act)._id)).state.dup }.join(', ') if client.instances.map(&:_id).include?(made._id)
puts "destroyed: #{made.destroy!}, #{failure { client.instance(made._id) }}"
puts "m1-none: #{failure { client.create_instance('img1', hwp_id: 'm1-none') }}"
