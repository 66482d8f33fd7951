package io.strata.natives;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Type;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A function of a native library, of integers or pointers, that gives one.
 *
 * <p>The result of a function that gives a C {@code int} must be narrowed to one: the upper half is
 * undefined. The same holds for arguments only in so far as an {@code int} is to be passed as it
 * is, widened by its sign.
 */
public final class NativeFunction {
  /** Few functions have more arguments than this. */
  private static final int MANY = 7;

  /** With the NUL at its end. */
  private static final int LONGEST_STRING = 256;

  /** One way in for each number of arguments; the errno of each call is kept for the thread. */
  private static final CallContext[] CONTEXTS = contexts();

  private static final Invoker INVOKER = Invoker.getInstance();
  private static final LastError LAST_ERROR = LastError.getInstance();

  private final String name;
  private final long address; // 0 if it is missing

  NativeFunction(String name, long address) {
    this.name = name;
    this.address = address;
  }

  private static CallContext[] contexts() {
    CallContext[] contexts = new CallContext[MANY + 1];
    for (int count = 0; count < contexts.length; count++) {
      contexts[count] = context(count);
    }
    return contexts;
  }

  private static CallContext context(int count) {
    Type[] types = new Type[count];
    Arrays.fill(types, Type.SINT64);
    return CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
  }

  /** The {@code errno} that the last call of this thread left. */
  public static int errno() {
    return LAST_ERROR.get();
  }

  /** Whether the library has it. */
  public boolean isThere() {
    return address != 0;
  }

  private long address() {
    if (address == 0) {
      throw new UnsatisfiedLinkError(name + " is not in this system's library");
    }
    return address;
  }

  public long call() {
    return INVOKER.invokeL0(CONTEXTS[0], address());
  }

  public long call(long a) {
    return INVOKER.invokeL1(CONTEXTS[1], address(), a);
  }

  public long call(long a, long b) {
    return INVOKER.invokeL2(CONTEXTS[2], address(), a, b);
  }

  public long call(long a, long b, long c) {
    return INVOKER.invokeL3(CONTEXTS[3], address(), a, b, c);
  }

  public long call(long a, long b, long c, long d) {
    return INVOKER.invokeL4(CONTEXTS[4], address(), a, b, c, d);
  }

  public long call(long a, long b, long c, long d, long e) {
    return INVOKER.invokeL5(CONTEXTS[5], address(), a, b, c, d, e);
  }

  public long call(long a, long b, long c, long d, long e, long f) {
    return INVOKER.invokeL6(CONTEXTS[6], address(), a, b, c, d, e, f);
  }

  /**
   * Calls a function without arguments that gives a string of C, of at most 255 bytes, which is
   * there for as long as the library.
   */
  public String callForString() {
    return string(call());
  }

  /** The same of a function with an argument. */
  public String callForString(long a) {
    return string(call(a));
  }

  private static String string(long address) {
    return MemorySegment.ofAddress(address).reinterpret(LONGEST_STRING).getString(0);
  }

  /** A call of any number of arguments: for functions of more than six, since it allocates. */
  public long callMany(long... arguments) {
    int count = arguments.length;
    CallContext context = count <= MANY ? CONTEXTS[count] : context(count); // jffi keeps them
    HeapInvocationBuffer buffer = new HeapInvocationBuffer(context);
    for (long argument : arguments) {
      buffer.putLong(argument);
    }
    return INVOKER.invokeLong(context, address(), buffer);
  }
}
