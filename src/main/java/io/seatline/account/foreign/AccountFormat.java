package io.seatline.account.foreign;

import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;

/** What other systems' accounts are read from. */
public enum AccountFormat {
    /** Asterisk's pjsip.conf. */
    PJSIP("pjsip"),
    /** The extensions that FreePBX's Bulk Handler exports. */
    FREEPBX("freepbx"),
    /** The extensions that FusionPBX exports, or its table v_extensions. */
    FUSIONPBX("fusionpbx"),
    /** Kamailio's table subscriber. */
    KAMAILIO("kamailio"),
    /** OpenSIPS' table subscriber. */
    OPENSIPS("opensips");

    private final String wireName;

    AccountFormat(String wireName) {
        this.wireName = wireName;
    }

    /**
     * Reads a file from end to end.
     *
     * @param encoding of a file that does not tell it; UTF-8 when it is empty
     * @throws java.io.UncheckedIOException when it can't be read at all
     */
    public void read(InputStream file, Optional<Charset> encoding, ForeignRows rows) {
        switch (this) {
            case PJSIP -> PjsipReader.read(file, encoding, rows);
            case FREEPBX -> TableReader.read(file, encoding, rows, new FreePbxLine());
            case FUSIONPBX -> TableReader.read(file, encoding, rows, new FusionPbxLine());
            case KAMAILIO, OPENSIPS -> TableReader.read(file, encoding, rows, new SubscriberLine());
        }
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return wireName;
    }
}
