"""A handler of Holdfast in Python, with the standard library only.

Usage: handler.py NAME PROCESS...    (HOLDFAST_URL and HOLDFAST_TOKEN say where)
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("HOLDFAST_URL", "http://127.0.0.1:8580")
TOKEN = os.environ["HOLDFAST_TOKEN"]
SILENCE = 30  # seconds; the server says something every 5


def post(path, body, kind):
    request = urllib.request.Request(URL + path, data=body.encode(), method="POST")
    request.add_header("Authorization", "Bearer " + TOKEN)
    request.add_header("Content-Type", kind)
    return urllib.request.urlopen(request, timeout=SILENCE)


def events(names):
    """The events of these names, as they come."""
    form = urllib.parse.urlencode([("eventNames", name) for name in names])
    with post("/v1/subscribe", form, "application/x-www-form-urlencoded") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def reply(event, **more):
    body = {"name": event["replyTo"], "previousIds": [event["id"]], **more}
    post("/v1/publish", json.dumps(body), "application/json").close()


def run(names, handle):
    """Gives each event to `handle` and publishes what it returns. An event may come twice: handle it by its resource."""
    while True:
        try:
            for event in events(names):
                if "replyTo" not in event:
                    continue  # a ping
                try:
                    reply(event, data=handle(event) or {})
                except urllib.error.URLError:
                    raise
                except Exception as problem:  # the process shows it and tries again
                    reply(event, transitioning="error", transitioningMessage=str(problem))
        except OSError as problem:
            print("not connected:", problem, file=sys.stderr, flush=True)
        time.sleep(1)


def hello(event):
    resource = event["data"]["resource"]
    print("hello", resource["name"], flush=True)
    return {"description": "greeted by Python"}


if __name__ == "__main__":
    name, *processes = sys.argv[1:]
    run([process + ";handler=" + name for process in processes], hello)
