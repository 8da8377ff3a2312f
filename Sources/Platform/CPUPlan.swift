/// Which CPU each of a worker's trainers is kept to.
///
/// One trainer to each CPU that the process may run on: it stays beside its caches, and its neighbours
/// cannot push it away. That helps only where the process has these CPUs to itself for as many trainers, so
/// otherwise none is kept to any.
package struct CPUPlan: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// Each trainer has its CPU.
    case kept
    /// A number of trainers was asked for: other workers of this host may have the other CPUs.
    case counted
    /// The process may run on more CPUs than it may use at once: which of them are free changes.
    case shared
    /// The process may run on all of the machine's CPUs, and nobody has asked for it.
    case unasked
    /// The system does not list the CPUs.
    case unknown
  }

  /// In the order in which trainers take them: one of each core first, then the other hyper-threads.
  package let cpus: [Int]
  package let reason: Reason

  /// - Parameters:
  ///   - available: What the process may use.
  ///   - isAuto: Whether `auto` was asked for, and not a number, and not nothing.
  ///   - isCounted: Whether a number was.
  ///   - root: Where `proc` and `sys` lie; "" for this machine's own.
  package init(
    _ available: AvailableCPUs, isAuto: Bool, isCounted: Bool = false, root: String = ""
  ) {
    let status = ProcessText.read("\(root)/proc/self/status")
    let listed = CPUList.members(ProcessText.value("Cpus_allowed_list", in: status)) ?? []
    if isCounted {
      (cpus, reason) = ([], .counted)
    } else if listed.isEmpty {
      (cpus, reason) = ([], .unknown)
    } else if listed.count != available.count {
      (cpus, reason) = ([], .shared)
    } else if !isAuto, available.limit == .machine {
      (cpus, reason) = ([], .unasked)
    } else {
      (cpus, reason) = (Self.coresFirst(listed, root: root), .kept)
    }
  }

  /// As people read it.
  package var description: String {
    switch reason {
    case .kept:
      "one trainer kept to each of the CPUs \(cpus.map(String.init).joined(separator: ","))"
    case .counted: "trainers run on any of them"
    case .shared: "trainers run on any CPU of the process, since it may use only some at once"
    case .unasked: "trainers run on any of them; --slots auto keeps one to each"
    case .unknown: "trainers run on any of them: the system does not list them"
    }
  }

  /// First one hyper-thread of each core, then the second of each, and so on.
  private static func coresFirst(_ cpus: [Int], root: String) -> [Int] {
    let allowed = Set(cpus)
    let ranked = cpus.map { cpu -> (rank: Int, cpu: Int) in
      let path = "\(root)/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"
      let siblings = CPUList.members(ProcessText.read(path)) ?? [cpu]
      return (siblings.count { $0 < cpu && allowed.contains($0) }, cpu)
    }
    return ranked.sorted { $0 < $1 }.map(\.cpu)
  }
}
