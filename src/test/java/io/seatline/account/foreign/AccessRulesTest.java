package io.seatline.account.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What permit and deny come to: p is permit, d deny, in their order. */
@Tag("pure")
class AccessRulesTest {
    private static AccessRules rules(String written) {
        var rules = new AccessRules();
        for (var rule : written.split(" ", -1)) {
            if (rule.startsWith("p:")) {
                rules.permit(rule.substring(2));
            } else {
                rules.deny(rule.substring(2));
            }
        }
        return rules;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d:0.0.0.0/0 p:192.0.2.0/24 | 192.0.2.0/24",
                "d:0.0.0.0/0.0.0.0 p:192.0.2.0/255.255.255.0 | 192.0.2.0/24",
                "d:0.0.0.0/0 d:::/0 p:192.0.2.1,2001:db8::1 | 192.0.2.1/32,2001:db8::1/128",
                "d:0.0.0.0/0 p:192.0.2.77/24 | 192.0.2.0/24",
                "d:0.0.0.0/0 p:192.0.2.1&192.0.2.2/255.255.255.255 | 192.0.2.1/32,192.0.2.2/32",
                "d:0.0.0.0/0 p:192.0.2.0/24 d:198.51.100.1 | 192.0.2.0/24",
                "d:0.0.0.0/0 p:192.0.2.1 p:198.51.100.1 d:192.0.2.0/24 | 198.51.100.1/32",
                "p:198.51.100.1 d:0.0.0.0/0 p:192.0.2.1 | 192.0.2.1/32",
                "p:!0.0.0.0/0,192.0.2.1 | 192.0.2.1/32",
                "d:0.0.0.0/0 | ''",
                "d:0.0.0.0/0 p:192.0.2.1 d:::/0 | 192.0.2.1/32",
                "d:0.0.0.0/0 p:2001:db8::/32 d:192.0.2.1 | 2001:db8::/32",
                "d:::/0 | 0.0.0.0/0",
                "d:0.0.0.0/0 d:::/0 p:0.0.0.0/0 p:2001:db8::1 | 0.0.0.0/0,2001:db8::1/128",
                "d:0.0.0.0/0 d:::/0 p:::/0 p:192.0.2.1 | ::/0,192.0.2.1/32"
            })
    void deniedAllButSome_isAList(String written, String allowed) {
        var rules = rules(written);
        assertThat(rules.restrict()).isTrue();
        assertThat(rules.allowed()).isEqualTo(allowed);
        assertThat(rules.haveExceptions()).isFalse();
        assertThat(rules.unreadable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"d:0.0.0.0/0.0.0.0 p:0.0.0.0/0.0.0.0", "p:", "d:0.0.0.0/0 p:192.0.2.1 p:0.0.0.0/0"})
    void permittedAll_isNoList(String written) {
        var rules = rules(written);
        assertThat(rules.restrict()).isFalse();
        assertThat(rules.permitInVain()).isFalse();
        assertThat(rules.haveExceptions()).isFalse();
    }

    @Test
    void permittedSome_whereNobodyIsDenied_restrictsNobody() {
        assertThat(rules("p:192.0.2.1").permitInVain()).isTrue();
        assertThat(rules("p:192.0.2.1").restrict()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d:192.0.2.1",
                "d:phone.example.com",
                "d:0.0.0.0/0 p:192.0.2.0/24 d:phone.example.com",
                "d:0.0.0.0/0 p:192.0.2.0/24 d:192.0.2.1",
                "d:0.0.0.0/0 p:192.0.2.0/24,!192.0.2.1"
            })
    void exceptions_areMoreThanAList(String written) {
        assertThat(rules(written).haveExceptions()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p:phone.example.com",
                "p:192.0.2.0:5060/24",
                "p:192.0.2.0/33",
                "p:192.0.2.0/255.0.255.0",
                "p:192.0.2.0/ffff::",
                "p:192.0.02.1",
                "p:192.0.2.0/24/24",
                "p:*"
            })
    void whatIsNoAddress_isNotReadAsOne(String written) {
        var rules = rules("d:0.0.0.0/0 " + written);
        assertThat(rules.unreadable()).isTrue();
        assertThat(rules.allowed()).isEmpty();
    }
}
