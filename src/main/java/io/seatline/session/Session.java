package io.seatline.session;

import java.util.UUID;

/**
 * A way into one customer's web interface.
 *
 * @param admin whether it is the operator's staff, acting for the customer
 * @param openedBy the credential it was opened with
 * @param customerName to greet with
 * @param language of the customer
 */
public record Session(
        UUID id,
        int operatorId,
        String customerId,
        boolean admin,
        String openedBy,
        String customerName,
        String language) {}
