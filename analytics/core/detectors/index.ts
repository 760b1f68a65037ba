import type { Detector } from '../detector.ts';
import { battery } from './battery.ts';
import { network } from './network.ts';
import { printer } from './printer.ts';
import { reader } from './reader.ts';
import { system } from './system.ts';

/** Every built-in detector, in the order of their state in a snapshot (append only). */
export const DETECTORS: readonly Detector[] = [printer, battery, network, reader, system];
