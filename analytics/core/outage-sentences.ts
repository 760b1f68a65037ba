/** What is said of an outage beside who is out and what they share. */
export const SAYS = {
  out: 'No card payment goes through there until it is back.',
  back: 'Most of them are back; it is over once they have stayed for half an hour.',
  restarts: 'A router that restarts is back within minutes; no card payment goes through there until then.',
  few: 'Links of a few that flap, or that their carrier works on, are back within minutes; no card payment goes through there until then.',
  night:
    'By night routers restart by the clock and carriers work on their networks, and are back within minutes; no card payment goes through there until then.',
  holds:
    'Its readings were held back on the way before while payments went on; it is told once they are missing for twice as long.',
  batched:
    'Its readings come by the batch, through a gateway that may hold them while payments go on; it is told once they are missing for an hour.',
  mains:
    'Shops of this fleet that fell silent for so long were mostly without power, and started anew when it came back; it is told once it lasts for half as long again as the longest of these, or for two hours.',
  again:
    'It went at this hour on a day before too and came back by itself, so it is more likely shut, or switched off by a clock, than out.',
  apart:
    'They went without a word on ways that share nothing, while others go on over the same cells, so the shop is more likely shut or without power than cut off.',
  dark: 'Terminals that have gone on over the mobile network when their line was cut are silent as well, so the shop is more likely without power than cut off.',
  shut: 'Hardly anything is sold there at this hour: it is shut, or its line is worked on by night.',
} as const;
