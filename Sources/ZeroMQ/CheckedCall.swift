/// What a C call came to.
enum CallResult {
  case done(Int)
  case failed(ErrorCode)
}

/// Makes a C call that says -1 and sets `errno` when it fails; interrupted calls are made again.
///
/// `errno` is read before anything else can run that might change it.
@inline(__always)
func uninterrupted(_ call: () -> some FixedWidthInteger & SignedInteger) -> CallResult {
  while true {
    let result = call()
    if result != -1 { return .done(Int(result)) }
    let code = ErrorCode.last
    if code != .interrupted { return .failed(code) }
  }
}

/// Makes a C call as ``uninterrupted(_:)`` does and throws its failure.
@inline(__always) @discardableResult
func checked(
  _ operation: ZeroMQError.Operation, _ subject: @autoclosure () -> String,
  _ call: () -> some FixedWidthInteger & SignedInteger
) throws(ZeroMQError) -> Int {
  switch uninterrupted(call) {
  case .done(let result): return result
  case .failed(let code): throw ZeroMQError(operation, subject(), .code(code))
  }
}
