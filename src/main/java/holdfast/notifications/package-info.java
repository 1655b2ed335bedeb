/// What happened, brought to who wants to hear of it: numbers, filters, subscriptions, delivery.
@NullMarked
package holdfast.notifications;

import org.jspecify.annotations.NullMarked;
