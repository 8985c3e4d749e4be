"""A requester in Python: python3 requester.py [AMQP URI [TEXT]]. Ends when the request does, with 0 if well."""
import base64, json, sys, uuid
import pika

PACKAGE = "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events."
REQUESTS, RESPONSES = PACKAGE + "in.RequestEvent", PACKAGE + "out.ResponseEvent"
FINAL = ("SUCCESS", "ERROR", "INVALID_CONTENT", "SKIPPED")
URI = "".join(sys.argv[1:2]) or "amqp://guest:guest@127.0.0.1:5672/regards.multitenant.manager"
TEXT = "".join(sys.argv[2:3]) or "shout"
REQUEST_ID = str(uuid.uuid4())

channel = pika.BlockingConnection(pika.URLParameters(URI)).channel()
queue = channel.queue_declare("", exclusive=True).method.queue  # named and durable, it would also keep what we miss
channel.queue_bind(queue, RESPONSES)               # the manager's exchange: fails where none has ever run
if channel.connection.publisher_confirms_supported:
    channel.confirm_delivery()                     # waits until the broker has it (the embedded one does not say)
channel.basic_publish(REQUESTS, "", TEXT.encode(), pika.BasicProperties(delivery_mode=2, headers={
    "regards.tenant": "demo",
    "regards.request.id": REQUEST_ID,
    "regards.request.owner": "me",
    "regards.request.session": "today",
    "regards.request.content_type": "text"}), mandatory=True)

for delivery, properties, body in channel.consume(queue, auto_ack=True):
    if properties.headers.get("regards.request.id") != REQUEST_ID:
        continue                                   # everybody hears all responses
    response = json.loads(body)
    print(response["state"], response["messages"], base64.b64decode(response.get("content", "")).decode(), flush=True)
    if response["state"] in FINAL:
        sys.exit(response["state"] != "SUCCESS")
