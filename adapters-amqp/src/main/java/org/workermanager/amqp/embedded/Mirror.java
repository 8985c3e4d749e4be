package org.workermanager.amqp.embedded;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** An object of Qpid's and the public type it is called through. */
record Mirror(Class<?> type, Object target) {

  /** Creates an object with its public constructor of exactly these parameter types. */
  static Mirror create(Class<?> type, Class<?>[] parameters, Object... arguments) {
    try {
      return new Mirror(type, type.getConstructor(parameters).newInstance(arguments));
    } catch (InvocationTargetException e) {
      throw failure(type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw failure(type, e);
    }
  }

  static Class<?> load(ClassLoader classes, String name) {
    try {
      return Class.forName(name, true, classes);
    } catch (ClassNotFoundException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker needs Apache Qpid Broker-J, whose class " + name + " is not there",
          e);
    }
  }

  /**
   * Calls the public method of this name and number of parameters; null where Qpid returns null or
   * nothing.
   */
  Object call(String name, Object... arguments) {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        try {
          return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
          throw failure(type, e.getCause());
        } catch (IllegalAccessException e) {
          throw failure(type, e);
        }
      }
    }
    throw unknown(name, null);
  }

  /** Another object of Qpid's, and the type that it is to be called through. */
  Mirror other(String typeName, Object other) {
    return new Mirror(load(type.getClassLoader(), typeName), other);
  }

  /** Calls a method that the type itself declares, public or not, with one other object. */
  void callHidden(String name, Mirror argument) {
    try {
      Method method = type.getDeclaredMethod(name, argument.type);
      method.setAccessible(true);
      method.invoke(target, argument.target);
    } catch (InvocationTargetException e) {
      throw failure(type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw unknown(name, e);
    }
  }

  /** The value of a field that the type itself declares, public or not. */
  Object field(String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(target);
    } catch (ReflectiveOperationException e) {
      throw unknown(name, e);
    }
  }

  private EmbeddedBrokerException unknown(String name, Exception cause) {
    return new EmbeddedBrokerException(
        "This version of Apache Qpid Broker-J is not known: no " + name + " in " + type, cause);
  }

  private static EmbeddedBrokerException failure(Class<?> type, Throwable cause) {
    return new EmbeddedBrokerException(
        "The embedded broker failed in " + type.getSimpleName() + ": " + cause, cause);
  }
}
