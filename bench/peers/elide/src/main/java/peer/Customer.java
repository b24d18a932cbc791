package peer;

import com.yahoo.elide.annotation.Include;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Filter;

/** A customer; the operator's id is part of every condition, because every index begins with it. */
@Include(name = "customers")
@Entity
@Table(name = "customers")
@Filter(name = OwnOperator.FILTER, condition = OwnOperator.CONDITION)
public class Customer {
    @Id
    public String id;

    public String name;
    public String language;

    @Column(name = "capacity_limit")
    public Long capacityLimit;

    @Column(name = "sip_account_limit")
    public Long sipAccountLimit;
}
