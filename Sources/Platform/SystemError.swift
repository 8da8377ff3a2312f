/// A call to the system that failed, in one line: what was being done, to what, why it failed, and what
/// to do about it.
///
/// `cannot write /data/x.key: the disk is full; make room ('df -h' shows how much is free)`
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As the end of "cannot …", such as "write".
  package let action: String
  /// What it was done to: a file, or what it is to the user.
  package let subject: String
  package let errno: Errno
  /// Why it failed, as a clause.
  package let problem: String
  /// What to do about it, as a clause; nil where the problem says it.
  package let advice: String?

  package var kind: Errno.Kind { errno.kind }

  package var description: String { "cannot \(action) \(subject): \(reason)" }

  /// The problem and what to do about it.
  package var reason: String { problem + (advice.map { "; \($0)" } ?? "") }

  /// - Parameters:
  ///   - path: The file whose place decides what the number means; nil where `subject` is its path.
  package init(_ action: String, _ subject: String, _ errno: Errno, at path: String? = nil) {
    let words = ErrorWords(errno, at: path ?? subject)
    self.init(action, subject, errno, problem: words.problem, advice: words.advice)
  }

  init(_ action: String, _ subject: String, _ errno: Errno, problem: String, advice: String?) {
    self.action = action
    self.subject = subject
    self.errno = errno
    self.problem = problem
    self.advice = advice
  }

  /// The same failure of something larger: the file of a key, say, of which only its owner knows that
  /// it is one.
  package func `while`(_ action: String, _ subject: String) -> SystemError {
    SystemError(action, subject, errno, problem: problem, advice: advice)
  }
}

/// Makes a call as ``systemCall(_:)`` does; its failure names what was being done, to what.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
  _ action: String, _ path: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
  do throws(Errno) {
    return try systemCall(call)
  } catch {
    throw SystemError(action, path(), error)
  }
}
