/// What is held when: bookings, totals that change over time, what is free, and when there will be room.
///
/// Knows books, places, units, quantities and half-open intervals; not what a unit is, nor who asks, nor what time it
/// is. A *book* belongs to one actor, so that a broker and an authority in one database never mix. A *place* has a
/// total per dimension that may change over time, and *units* that are held alone. Time counts in whole microseconds:
/// an instant between two is taken as the earlier one, and one outside the years 1 to 9999 as an open end.
///
/// A booking is *firm*, or it is *lent* until something firm needs the room: usage, profiles, violations and the audit
/// count what is firm, and [Calendar#lent] tells what is lent. Why a place has more or less for a time is in [Entries].
///
/// Never overbooked: [Calendar] locks the places, looks, and writes; the database looks again and refuses what does not
/// fit, whichever code wrote it.
@NullMarked
package holdfast.calendar;

import org.jspecify.annotations.NullMarked;
