package peer;

import java.util.function.Supplier;

/** The operator that everything is served for, one per process: {@code PEER_OPERATOR}. */
public class OwnOperator implements Supplier<Integer> {
    static final String FILTER = "own_operator";
    static final String CONDITION = "operator_id = :operator";

    private static final int ID = Integer.parseInt(System.getenv().getOrDefault("PEER_OPERATOR", "1"));

    @Override
    public Integer get() {
        return ID;
    }
}
