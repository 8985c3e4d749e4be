"""A worker in Python: python3 worker.py [AMQP URI]"""
import base64, datetime, json, sys, threading, uuid
import pika

TYPE = "Upper"                                     # as in the manager's configuration
NAME = "regards.worker.%s.request" % TYPE.lower()  # of its exchange and of its queue
URI = sys.argv[1] if len(sys.argv) > 1 else "amqp://guest:guest@127.0.0.1:5672/regards.multitenant.manager"
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
    channel.basic_publish("regards.worker.manager.response", "#", json.dumps(reply),
                          pika.BasicProperties(headers=headers, delivery_mode=2))
    channel.basic_ack(delivery.delivery_tag)       # only now: a worker that dies before leaves its request to another

def beat():                                        # a thread and a connection of its own: a busy worker still beats
    channel = pika.BlockingConnection(pika.URLParameters(URI)).channel()
    while True:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        channel.basic_publish("regards.worker.manager.heartbeat", "#",
                              json.dumps({"id": INSTANCE, "type": TYPE, "heartBeatDate": now}),
                              pika.BasicProperties(headers={"regards.tenant": "any", "content_type": "application/json"}))
        channel.connection.sleep(10)

channel = pika.BlockingConnection(pika.URLParameters(URI)).channel()
channel.exchange_declare(NAME, "topic", durable=True)
channel.queue_declare(NAME, durable=True, arguments={
    "x-max-priority": 255, "x-dead-letter-exchange": "regards.DLX",
    "x-dead-letter-routing-key": "regards.worker.manager.request.dlq"})
channel.queue_bind(NAME, NAME, "#")
channel.basic_qos(prefetch_count=1)
channel.basic_consume(NAME, on_request)
threading.Thread(target=beat, daemon=True).start()
channel.start_consuming()
