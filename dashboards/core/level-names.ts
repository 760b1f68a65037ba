/** What the platform states of its fleets to the telemetry server; the Grafana dashboards ask for these names. */
export const LEVELS = {
  /** Terminals by condition of a whole tenant, or of each site, model, firmware and carrier (`grouping`, `member`, `condition`). */
  terminals: 'tillwatch_fleet_terminals',
  /** Terminals without a session (`grouping`, `member`). */
  offline: 'tillwatch_fleet_offline',
  /** Terminals forecast to fail within a week (`grouping`, `member`). */
  failing: 'tillwatch_fleet_failing',
  /** A terminal's facts as labels; the value is when they were stated, unix seconds, so that the newest can be told. */
  info: 'tillwatch_terminal_info',
  /** A terminal's condition: its place in healthy, unknown, silent, watch, warning, critical. */
  condition: 'tillwatch_terminal_condition',
  /** Standing findings (`component`, `severity`). */
  findings: 'tillwatch_findings',
  /** A standing finding's probability of failure; 0 said once when it stands no more. */
  probability: 'tillwatch_finding_probability',
  /** Hours until a finding's expected failure; 0 said once when it stands no more. */
  hoursLeft: 'tillwatch_finding_hours_left',
  /** Open tickets (`kind`, `severity`). */
  tickets: 'tillwatch_tickets',
  /** Open tickets by whose move it is (`waiting_for`). */
  waiting: 'tillwatch_tickets_waiting',
  /** Open tickets whose promised time has passed. */
  late: 'tillwatch_tickets_late',
  /** An open ticket's age in hours; 0 said once when it is open no more. */
  age: 'tillwatch_ticket_age_hours',
  /** Service-level clocks of open tickets (`kind`, `standing`). */
  clocks: 'tillwatch_service_clocks',
  /** Hours until a running clock's limit, negative past it. */
  clockLeft: 'tillwatch_service_hours_left',
} as const;
