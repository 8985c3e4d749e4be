"""A worker in Python: python3 worker.py [AMQP URI]. It ends when anything goes wrong: have it started again then."""
import base64, datetime, json, os, sys, threading, uuid
import pika

TYPE = "Upper"                                     # as in the manager's configuration
NAME = "regards.worker.%s.request" % TYPE.lower()  # of its exchange and of its queue
HEARTBEATS, REPLIES = "regards.worker.manager.heartbeat", "regards.worker.manager.response"
URI = "".join(sys.argv[1:2]) or "amqp://guest:guest@127.0.0.1:5672/regards.multitenant.manager"
INSTANCE = str(uuid.uuid4())

def work(content):                                 # your work goes here; an exception makes the request fail
    return content.upper()

def on_request(channel, delivery, properties, body):
    echoed = ("regards.tenant", "regards.request.id", "worker-manager.dispatch")
    headers = {name: properties.headers[name] for name in echoed if name in properties.headers}
    try:
        reply = {"status": "SUCCESS", "content": base64.b64encode(work(body)).decode()}
    except Exception as e:
        reply = {"status": "ERROR", "messages": [repr(e)]}
    channel.basic_publish(REPLIES, "#", json.dumps(reply), pika.BasicProperties(headers=headers, delivery_mode=2))
    channel.basic_ack(delivery.delivery_tag)       # only now: a worker that dies before leaves its request to another

def beat():                                        # a thread and a connection of its own: a busy worker still beats
    try:
        channel = pika.BlockingConnection(pika.URLParameters(URI)).channel()
        properties = pika.BasicProperties(headers={"regards.tenant": "any", "content_type": "application/json"})
        while True:
            now = datetime.datetime.now(datetime.timezone.utc).isoformat()
            heartbeat = {"id": INSTANCE, "type": TYPE, "heartBeatDate": now}
            channel.basic_publish(HEARTBEATS, "#", json.dumps(heartbeat), properties)
            channel.connection.sleep(10)
    except Exception as e:                         # a worker that is thought dead should be
        print("Cannot beat any more: %r" % e, file=sys.stderr, flush=True)
        os._exit(1)

parameters = pika.URLParameters(URI)
parameters.heartbeat = 600                         # AMQP's own, in seconds: work must not take longer
channel = pika.BlockingConnection(parameters).channel()
if channel.connection.publisher_confirms_supported:
    channel.confirm_delivery()                     # waits until the broker has it (the embedded one does not say)
for exchange in (NAME, HEARTBEATS, REPLIES):       # so that it may start before the manager
    channel.exchange_declare(exchange, "topic", durable=True)
channel.queue_declare(NAME, durable=True, arguments={
    "x-max-priority": 255, "x-dead-letter-exchange": "regards.DLX",
    "x-dead-letter-routing-key": "regards.worker.manager.request.dlq"})
channel.queue_bind(NAME, NAME, "#")
channel.basic_qos(prefetch_count=1)
channel.basic_consume(NAME, on_request)
threading.Thread(target=beat, daemon=True).start()
print("Waiting for requests", flush=True)
channel.start_consuming()
sys.exit("Somebody deleted the queue " + NAME)
