/**
 * Who changed what, when and from where.
 */
@NullMarked
package io.seatline.audit;

import org.jspecify.annotations.NullMarked;
