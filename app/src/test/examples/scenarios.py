"""What requesters and workers live through, checked from outside: python3 scenarios.py AMQP_URI

Knows a running worker manager by its protocol alone, and plays a requester and the workers of scenarios.json, which
the manager serves for the tenant 'scenarios'. Workers here echo no 'worker-manager.dispatch', like existing ones.
A second run must wait until the worker 'Late' has fallen silent.
"""
import base64, collections, datetime, json, sys, time, unittest, uuid
import pika

URI = sys.argv.pop()
TENANT = "scenarios"
PACKAGE = "regards.broadcast.fr.cnes.regards.modules.workermanager.amqp.events."
REQUESTS, RESPONSES = PACKAGE + "in.RequestEvent", PACKAGE + "out.ResponseEvent"
PATIENCE = 20  # seconds


class Peer:
    """A requester and all workers, on one channel. Whatever arrives is kept until it is asked for."""

    def __init__(self):
        self.channel = pika.BlockingConnection(pika.URLParameters(URI)).channel()
        self.responses = collections.defaultdict(collections.deque)  # by request id
        self.work = collections.defaultdict(collections.deque)       # by worker type and request id
        self.queues = []
        queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(queue, RESPONSES)
        self.channel.basic_consume(queue, self.on_response, auto_ack=True)

    def on_response(self, channel, delivery, properties, body):
        self.responses[properties.headers.get("regards.request.id")].append((properties, json.loads(body)))

    def on_work(self, worker_type, work):
        _, properties, _ = work
        self.work[worker_type, properties.headers["regards.request.id"]].append(work)

    def await_one(self, arrived, what):
        deadline = time.monotonic() + PATIENCE
        while not arrived:
            assert time.monotonic() < deadline, "nothing arrives: " + what
            self.channel.connection.process_data_events(time_limit=0.1)
        return arrived.popleft()

    def publish(self, exchange, key, headers, body, **properties):
        self.channel.basic_publish(exchange, key, body, pika.BasicProperties(headers=headers, **properties))

    # as a requester

    def request(self, content_type, body=b"content", without=None, request_id=None, **properties):
        request_id = request_id or str(uuid.uuid4())
        headers = {"regards.tenant": TENANT, "regards.request.id": request_id, "regards.request.owner": "owner",
                   "regards.request.session": "session", "regards.request.content_type": content_type}
        headers.pop(without, None)
        self.publish(REQUESTS, "", headers, body, **properties)
        return request_id

    def response(self, request_id):
        return self.await_one(self.responses[request_id], "a response to " + request_id)

    # as workers

    def start_worker(self, worker_type):
        name = "regards.worker.%s.request" % worker_type.lower()
        self.channel.exchange_declare(name, "topic", durable=True)
        self.channel.queue_declare(name, durable=True, arguments={
            "x-max-priority": 255, "x-dead-letter-exchange": "regards.DLX",
            "x-dead-letter-routing-key": "regards.worker.manager.request.dlq"})
        self.channel.queue_purge(name)  # what an earlier run left
        self.channel.queue_bind(name, name, "#")
        self.channel.basic_consume(name, lambda _, *work: self.on_work(worker_type, work))
        self.queues.append(name)
        beat = {"id": worker_type + "-1", "type": worker_type,
                "heartBeatDate": datetime.datetime.now(datetime.timezone.utc).isoformat()}
        self.publish("regards.worker.manager.heartbeat", "#",
                     {"regards.tenant": "any", "content_type": "application/json"}, json.dumps(beat))

    def stop(self):
        for queue in self.queues:
            self.channel.queue_delete(queue)
        self.channel.connection.close()

    def take(self, worker_type, request_id):
        return self.await_one(self.work[worker_type, request_id], "work for " + worker_type)

    def reply(self, work, status, content=None, **fields):
        delivery, properties, _ = work
        headers = {name: properties.headers[name] for name in ("regards.tenant", "regards.request.id")}
        if content is not None:
            fields["content"] = base64.b64encode(content).decode()
        text = json.dumps({"status": status, **fields}).replace("=", "\\u003d")  # as existing workers write it
        self.publish("regards.worker.manager.response", "#", headers, text)
        if status != "RUNNING":
            self.channel.basic_ack(delivery.delivery_tag)


class Scenarios(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.peer = Peer()
        cls.addClassCleanup(cls.peer.stop)
        cls.peer.start_worker("Draw")
        cls.peer.start_worker("Print")

    def hears(self, request_id, *states):
        """The next responses are these; returns the last one's body."""
        for state in states:
            properties, body = self.peer.response(request_id)
            self.assertEqual(state, body["state"], body)
            self.assertEqual((request_id, "EXTRACTION"), (body["requestId"], body["type"]))
            self.assertEqual(state == "SUCCESS", "content" in body, body)
            self.assertEqual((TENANT, "GSON", RESPONSES.replace("regards.broadcast.", "")),
                             tuple(properties.headers[n] for n in ("regards.tenant", "regards.converter", "regards.type")))
            self.assertEqual(("REGARDS", 1, "UTF-8", "application/json", 2),
                             (properties.app_id, properties.priority, properties.content_encoding,
                              properties.content_type, properties.delivery_mode))
        return body

    def test_success(self):
        body = b"\0 any bytes \xff"
        request = self.peer.request("idea", body, priority=7)
        work = self.peer.take("Draw", request)
        _, properties, received = work
        self.assertEqual((body, 7), (received, properties.priority))
        for name, value in (("id", request), ("owner", "owner"), ("session", "session"), ("content_type", "idea")):
            self.assertEqual(value, properties.headers["regards.request." + name])
        self.peer.reply(work, "RUNNING")
        self.peer.reply(work, "SUCCESS", b"=> drawn <", messages=["well"])
        response = self.hears(request, "GRANTED", "SUCCESS")
        self.assertEqual(b"=> drawn <", base64.b64decode(response["content"]))
        self.assertIn("well", response["messages"])

    def test_error_and_an_id_still_held(self):
        request = self.peer.request("idea")
        self.peer.reply(self.peer.take("Draw", request), "ERROR", messages=["no paper"])
        self.assertIn("no paper", self.hears(request, "GRANTED", "ERROR")["messages"])
        self.peer.request("idea", request_id=request)
        self.hears(request, "SKIPPED")

    def test_invalid_content(self):
        request = self.peer.request("idea")
        self.peer.reply(self.peer.take("Draw", request), "INVALID_CONTENT", messages=None)
        self.hears(request, "GRANTED", "INVALID_CONTENT")

    def test_delay_then_grant(self):
        request = self.peer.request("hurry")
        self.assertIn("Late", self.hears(request, "DELAYED")["messages"][0])
        self.peer.start_worker("Late")
        self.peer.reply(self.peer.take("Late", request), "SUCCESS")
        self.assertEqual(b"{}", base64.b64decode(self.hears(request, "GRANTED", "SUCCESS")["content"]))

    def test_skip(self):
        self.hears(self.peer.request("junk"), "SKIPPED")
        request = self.peer.request("idea", without="regards.request.owner")
        self.assertIn("regards.request.owner", self.hears(request, "SKIPPED")["messages"][0])

    def test_workflow(self):
        request = self.peer.request("book", b"x", priority=3)
        self.peer.reply(self.peer.take("Draw", request), "SUCCESS", b"y",
                        additionalHeaders={"hint": "h", "number": 1, "regards.tenant": "another"})
        work = self.peer.take("Print", request)
        _, properties, received = work
        self.assertEqual((b"y", 3), (received, properties.priority))
        self.assertEqual(("h", TENANT, "book"), tuple(
            properties.headers[n] for n in ("hint", "regards.tenant", "regards.request.content_type")))
        self.assertNotIn("number", properties.headers)
        self.peer.reply(work, "SUCCESS", b"z")
        self.assertEqual(b"z", base64.b64decode(self.hears(request, "GRANTED", "GRANTED", "SUCCESS")["content"]))

    def test_dead_letter(self):
        request = self.peer.request("idea")
        delivery, _, _ = self.peer.take("Draw", request)
        self.peer.channel.basic_nack(delivery.delivery_tag, requeue=False)
        self.hears(request, "GRANTED", "ERROR")


if __name__ == "__main__":
    unittest.main()
