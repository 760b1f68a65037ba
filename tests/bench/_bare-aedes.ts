import { createServer } from 'node:net';
import { Aedes } from 'aedes';

// The baseline as its own process: a broker that parses each payload as JSON and acknowledges. Prints its port.
const broker = await Aedes.createBroker({
  concurrency: 1000,
  authorizePublish: (_client, packet, done) => {
    JSON.parse(packet.payload.toString());
    done(null);
  },
});
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
});
