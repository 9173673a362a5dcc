"""What jmapc does with a Tideline server: python with_jmapc.py HOST:PORT TOKEN FOLDER; the first thing that is not so ends it."""
import pathlib, queue, sys, threading
from dataclasses import dataclass, field
from dataclasses_json import config
import jmapc, jmapc.methods, requests
from jmapc import Client, EmailBodyPart, Ref
from jmapc.methods.base import (Changes, ChangesResponse, Get, GetResponse, Query, QueryResponse, Set, SetResponse)

host, token, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


class Events:
    method_namespace = "CalendarEvent"
    using = {"https://tideline.org/jmap/calendars"}


class Calendars:
    method_namespace = "Calendar"
    using = Events.using


@dataclass
class CalendarGet(Calendars, Get):
    pass


@dataclass
class CalendarGetResponse(Calendars, GetResponse):
    data: list[dict] = field(metadata=config(field_name="list"), default_factory=list)


@dataclass
class EventGet(Events, Get):
    pass


@dataclass
class EventGetResponse(Events, GetResponse):
    data: list[dict] = field(metadata=config(field_name="list"), default_factory=list)


@dataclass
class EventSet(Events, Set):
    pass


@dataclass
class EventSetResponse(Events, SetResponse):
    pass


@dataclass
class EventChanges(Events, Changes):
    pass


@dataclass
class EventChangesResponse(Events, ChangesResponse):
    pass


@dataclass
class EventQuery(Events, Query):
    filter: dict | None = None


@dataclass
class EventQueryResponse(Events, QueryResponse):
    pass


class Plain(requests.adapters.HTTPAdapter):
    """jmapc begins with https always; the server behind a test has no certificate."""

    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


client = Client.create_with_api_token(host, token)
client.requests_session.mount("https://", Plain())
assert client.jmap_session.username == "robin", client.jmap_session
assert client.jmap_session.capabilities.core.max_objects_in_get >= 500
assert client.account_id in client.jmap_session.download_url or "{accountId}" in client.jmap_session.download_url

assert client.request(jmapc.methods.CoreEcho(data={"tide": ["low", 1, None]})).data == {"tide": ["low", 1, None]}

calendars = client.request(CalendarGet(ids=None), raise_errors=True)
calendar = calendars.data[0]["id"]
before = client.request(EventGet(ids=[]), raise_errors=True).state

# Text events, on a connection of its own.
states = queue.Queue()
threading.Thread(target=lambda: [states.put(event) for event in client.events], daemon=True).start()

made = client.request(EventSet(create={"e": {"calendarId": calendar, "title": "Low tide", "start": "2026-07-01T06:00:00",
                                             "timeZone": "Europe/Lisbon"}}), raise_errors=True)
event = made.created["e"]["id"]
changes = client.request(EventChanges(since_state=before), raise_errors=True)
assert changes.created == [event] and not changes.has_more_changes, changes

# Until the stream stands, changes are made for it to tell.
def told():
    try:
        return states.get(timeout=1)
    except queue.Empty:
        return None
for attempt in range(30):
    client.request(EventSet(update={event: {"title": f"Low tide {attempt}"}}), raise_errors=True)
    told_event = told()
    if told_event:
        break
state = told_event.data.changed[client.account_id].calendar_event
assert told_event.data.type is None or told_event.data.type == "StateChange"
assert told_event.id and state, told_event
assert client.request(EventChanges(since_state=state), raise_errors=True).old_state == state

# A result reference.
found = client.request([EventQuery(filter={"after": "2026-07-01T00:00:00Z", "before": "2026-07-02T00:00:00Z"}),
                        EventGet(ids=Ref("/ids"), properties=["title"])], raise_errors=True)
assert found[0].response.ids == [one["id"] for one in found[1].response.data], found
assert {"id", "title"} == set(found[1].response.data[0]), found

refused = client.request(EventSet(update={event: {"start": "never"}}))
assert refused.not_updated[event].type == "invalidProperties", refused
error = client.request(EventGet(ids=["x"] * 1001))
assert error.type == "requestTooLarge", error

photo = folder / "boat.png"
photo.write_bytes(bytes([0, 255, 10, 13, 128]))
blob = client.upload_blob(photo)
assert (blob.type, blob.size) == ("image/png", 5), blob
client.download_attachment(EmailBodyPart(blob_id=blob.id, name="boat.png", type="image/png"), folder / "again.png")
assert (folder / "again.png").read_bytes() == photo.read_bytes()

assert client.request(EventSet(destroy=[event]), raise_errors=True).destroyed == [event]
