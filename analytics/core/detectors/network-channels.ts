/** Channels of the network's detector: gauges, and how many they are; then rates. */
export const SIGNAL = 0;
export const SINR = 1;
export const RSRQ = 2;
export const RTT = 3;
export const GAUGES = 4;
export const LOSS = 0;
export const RECONNECTS = 1;
export const REATTACHES = 2;
export const TX_FAIL = 3;
export const DNS_FAIL = 4;
export const RATES = 5;
/** Where attaches stand among its totals. */
export const ATTACHED = 1;
/** And where restarts of the computer do, which is no part of the link. */
export const RESTARTS = 4;
/** Round trips from here on, ms, are time-outs, which loss tells of. */
export const TIMEOUT_MS = 15_000;
/** Round trips from which a payment, which takes some five of them, waits, ms. */
export const WAITED_MS = 250;
