"""Leads a widget through its life by the stock generic client. Arguments: address, access key, secret key."""
import sys
import time

import gdapi

url, access, secret = sys.argv[1:]
client = gdapi.Client(url=url, access_key=access, secret_key=secret)


def wait(thing):
    """Asks again until nothing goes on with it."""
    end = time.time() + 60
    while time.time() < end:
        thing = client.reload(thing)
        if thing.transitioning != 'yes':
            return thing
        time.sleep(0.02)
    raise AssertionError('waited too long for ' + thing.id)


made = [wait(client.create_widget(name=name, owner='me', size=size)) for name, size in (('a', 1), ('b', 2), ('c', 3))]
assert [one.state for one in made] == ['active'] * 3, made

names = []
page = client.list_widget(limit=1, sort='name')
while True:
    names += [one.name for one in page]
    if page.pagination.next is None:
        break
    page = page.next()
assert names == ['a', 'b', 'c'], names
assert [one.id for one in client.list_widget(name='b')] == [made[1].id]

first = wait(client.update(made[0], size=9))
assert (first.size, first.state) == (9, 'active'), first
assert client.by_id_widget(first.id).size == 9
assert client.by_id_widget('1w999999') is None
screw = client.create_screw(widgetId=first.id, length=4)
assert [one.id for one in first.screws()] == [screw.id]
assert wait(screw).widget().id == first.id

idle = wait(first.deactivate())
assert idle.state == 'inactive', idle
gone = wait(client.delete(idle))
assert gone.state == 'removed', gone
assert len(list(client.list_widget())) == 2

try:
    client.create_widget(owner='me', size=1000)
    raise AssertionError('a size of 1000 was taken')
except gdapi.ApiError as refused:
    assert (refused.error.status, refused.error.code) == (422, 'MaxLimitExceeded'), refused
print('done')
