package import Testing

/// What a test needs of the machine it runs on, as a trait: `@Test("…", Requirement.mnist)`.
///
/// A test whose requirement is not met is skipped by name. With `VAESWEEP_REQUIRE=all`, which
/// `.ci/run` sets, it fails instead, so that nothing goes untested unnoticed.
package enum Requirement {
  /// The real MNIST, where `MNIST.folder` finds it.
  package static var mnist: ConditionTrait {
    requirement("needs MNIST in $VAESWEEP_DATA or ../shared/mnist") { MNIST.folder != nil }
  }

  /// A program on the PATH.
  package static func program(_ name: String) -> ConditionTrait {
    requirement("needs the program \(name) on the PATH") { Machine.hasProgram(name) }
  }

  /// The rights of the superuser.
  package static var root: ConditionTrait {
    requirement("needs to run as root") { Machine.isRoot }
  }

  /// Any other requirement: `reason` names it, `isMet` decides.
  package static func requirement(
    _ reason: String, isMet: @escaping @Sendable () -> Bool
  ) -> ConditionTrait {
    .enabled(Comment(rawValue: reason)) {
      if isMet() { return true }
      if Machine.environment["VAESWEEP_REQUIRE"] == "all" { throw UnmetRequirement(reason) }
      return false
    }
  }
}

/// A requirement that is not met although `VAESWEEP_REQUIRE=all`.
package struct UnmetRequirement: Error, CustomStringConvertible {
  package let description: String

  package init(_ reason: String) {
    description = "\(reason) (VAESWEEP_REQUIRE=all makes this a failure)"
  }
}
