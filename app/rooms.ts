/** Rooms that can run alone as a service or together in one process. */
export const ROOM_NAMES = ['ingest', 'analytics', 'alerts', 'dashboards'] as const;
export type RoomName = (typeof ROOM_NAMES)[number];

export function isRoomName(text: string): text is RoomName {
  return (ROOM_NAMES as readonly string[]).includes(text);
}
