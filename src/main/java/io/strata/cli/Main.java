package io.strata.cli;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  /** Runs a verb. */
  public static void main(String[] args) {
    System.out.println(args.length);
  }
}
