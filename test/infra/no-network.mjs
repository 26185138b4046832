// Preloaded into a process that must do without a network: every way out throws, and says who wanted it.
import dns from 'node:dns';
import net from 'node:net';

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...parameters) {
  const [to] = parameters.flat();
  // A pipe between processes is no network.
  if (typeof to === 'object' && to?.path) return connect.apply(this, parameters);
  throw new Error(`the network was asked for: ${JSON.stringify(to)}`);
};
dns.lookup = (name) => {
  throw new Error(`the network was asked for: ${name}`);
};
