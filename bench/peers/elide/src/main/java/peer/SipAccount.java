package peer;

import com.yahoo.elide.annotation.Include;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Filter;
import org.hibernate.annotations.FilterDef;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.ParamDef;

/** A SIP account with the attributes of Seatline's, read with the same joins and functions. */
@Include(name = "sip_device_routes")
@Entity
@Table(name = "sip_accounts")
@DynamicUpdate
@FilterDef(
        name = OwnOperator.FILTER,
        parameters = @ParamDef(name = "operator", type = Integer.class, resolver = OwnOperator.class),
        autoEnabled = true,
        applyToLoadByKey = true)
@Filter(name = OwnOperator.FILTER, condition = OwnOperator.CONDITION)
public class SipAccount {
    @Id
    public UUID id;

    public String username;

    @Convert(converter = Hexadecimal.class)
    public String password;

    @Column(name = "incoming_internal")
    public boolean incomingInternal;

    @Column(name = "incoming_external")
    public boolean incomingExternal;

    @Column(name = "outgoing_internal")
    public boolean outgoingInternal;

    @Column(name = "outgoing_external")
    public boolean outgoingExternal;

    @Column(name = "on_demand")
    public boolean onDemand;

    @Column(name = "caller_id_name")
    public String callerIdName;

    @Column(name = "internal_caller_id")
    public Long internalCallerId;

    @Column(name = "external_caller_id")
    public Long externalCallerId;

    @Column(name = "allow_external_calls")
    public boolean allowExternalCalls;

    @Formula("EXISTS (SELECT 1 FROM bindings b WHERE b.account_id = id AND b.expires_at > now())")
    public boolean isOnline;

    @Formula("(SELECT b.user_agent FROM bindings b WHERE b.account_id = id AND b.expires_at > now()"
            + " ORDER BY b.refreshed_at DESC LIMIT 1)")
    public String userAgent;

    @Column(name = "use_allowed_ips")
    public boolean useAllowedIps;

    @Formula("array_to_string(allowed_ips, ',')")
    public String allowedIps;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "customer_id")
    public Customer customer;
}
