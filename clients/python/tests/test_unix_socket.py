"""The real server on its Unix socket."""

import unittest

from ymasknet import AsyncClient, Client, Retries, Task, UnavailableError

from .support import pictures
from .support.aio import AsyncTestCase
from .support.server import shared_server


def setUpModule():
    shared_server()


class UnixSocketTests(unittest.TestCase):
    def test_every_call_gives_what_it_gives_over_tcp(self):
        with Client(shared_server().address) as tcp, Client(shared_server().socket_address) as local:
            self.assertEqual(local.inspect(pictures.GREY).defects, tcp.inspect(pictures.GREY).defects)
            self.assertEqual(local.models(), tcp.models())
            results = list(local.stream([pictures.BUS] * 3, Task.DETECT))
            self.assertEqual([result.defects for result in results], [tcp.detect(pictures.BUS).defects] * 3)
            self.assertEqual(local.inspect_board(pictures.BUS).defects, tcp.inspect_board(pictures.BUS).defects)

    def test_a_token_goes_over_it(self):
        with Client(shared_server().socket_address, token="secret") as client:
            self.assertTrue(client.models().models)

    def test_a_socket_that_is_not_there(self):
        with Client("unix:/nowhere/server.sock", retries=Retries(attempts=1)) as client, self.assertRaises(
            UnavailableError
        ):
            client.models(timeout=20)


class AsyncUnixSocketTests(AsyncTestCase):
    async def test_a_call_is_answered(self):
        async with AsyncClient(shared_server().socket_address) as client:
            self.assertTrue((await client.inspect(pictures.GREY)).defects)


if __name__ == "__main__":
    unittest.main()
