package io.seatline.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** A test that must be over within so many seconds, each time that it runs, judged as {@link Promptness} does. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Within.Judge.class)
public @interface Within {
    int seconds();

    /** Runs the test, and looks at the clock. */
    final class Judge implements InvocationInterceptor {
        @Override
        public void interceptTestMethod(
                Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            judge(method.getExecutable(), "", test);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            judge(method.getExecutable(), " " + context.getDisplayName(), test);
        }

        private static void judge(Method method, String which, Invocation<@Nullable Void> test) throws Throwable {
            var limit =
                    Objects.requireNonNull(method.getAnnotation(Within.class)).seconds();
            Promptness.within(method.getName() + which, Duration.ofSeconds(limit), test::proceed);
        }
    }
}
