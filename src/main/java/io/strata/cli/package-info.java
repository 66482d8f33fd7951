/**
 * The command line: picocli verbs, exit codes, progress and rendering; no logic that a library user
 * would miss.
 *
 * <p>{@link io.strata.cli.Main} runs a verb, one class each. A verb prints what it was asked for on
 * stdout, for scripts, and everything else on stderr. A failure is one line on stderr, {@code
 * strata: WHAT: why; way out}, an exit code of {@link io.strata.cli.ExitCode}, and under {@code
 * --debug} the stack trace.
 */
@NullMarked
package io.strata.cli;

import org.jspecify.annotations.NullMarked;
