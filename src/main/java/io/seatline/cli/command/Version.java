package io.seatline.cli.command;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Seatline " + number()};
    }

    /** As in the manifest, or that there is none. */
    public static String number() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
