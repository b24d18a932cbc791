package peer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** HTTP Basic with one user, as cheap as Spring Security can be: no session, no hash. */
@Configuration
class Access {
    @Bean
    SecurityFilterChain basic(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .httpBasic(Customizer.withDefaults())
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /**
     * With the default encoder a {@code {noop}} password is upgraded to bcrypt at the first login, and every request after
     * that would measure bcrypt.
     */
    @Bean
    @SuppressWarnings("deprecation")
    PasswordEncoder plain() {
        return NoOpPasswordEncoder.getInstance();
    }

    @Bean
    UserDetailsService user(@Value("${peer.username}") String username, @Value("${peer.password}") String password) {
        return new InMemoryUserDetailsManager(
                User.withUsername(username).password(password).roles("OPERATOR").build());
    }
}
