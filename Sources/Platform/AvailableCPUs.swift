internal import Glibc

/// How many CPUs this process may really use, and what sets that number.
///
/// The machine may have more: a process may be kept to some of them (taskset, cpusets), get only a share
/// of their time (CFS quotas of cgroups, as containers set them), or have been given a number by Slurm.
/// The smallest counts.
package struct AvailableCPUs: Hashable, Sendable {
  /// What sets the number.
  package enum Limit: Hashable, Sendable {
    /// Nothing: it is what the machine has.
    case machine
    /// The CPUs that the process may run on.
    case affinity
    /// The CPU time that a cgroup gets, in CPUs.
    case quota(Double)
    /// A variable that Slurm sets for a task.
    case slurm(String)
  }

  /// At least 1; of a quota with a fraction, the whole CPUs.
  package let count: Int
  package let limit: Limit
  /// CPUs of the machine that are switched on.
  package let machine: Int

  /// - Parameters:
  ///   - root: Where `proc` and the mount points of the cgroups lie; "" for this machine's own.
  ///   - environment: The process's.
  package init(root: String = "", environment: [String: String]) {
    let status = ProcessText.read("\(root)/proc/self/status")
    let allowed = CPUList.count(ProcessText.value("Cpus_allowed_list", in: status))
    let online = CPUList.count(ProcessText.read("\(root)/sys/devices/system/cpu/online"))
    machine = max(1, online ?? allowed ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var candidates: [(count: Int, limit: Limit)] = []
    if let allowed, allowed > 0 { candidates.append((allowed, .affinity)) }
    if let quota = CPUQuota.ofThisProcess(root: root) {
      // A hundredth is lost where a quota is no whole number of microseconds.
      candidates.append((Int((quota + 0.01).rounded(.down)), .quota(quota)))
    }
    for name in ["SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"] {
      if let count = environment[name].flatMap({ Int($0) }), count > 0 {
        candidates.append((count, .slurm(name)))
      }
    }
    if let share = Self.shareOfNode(environment) { candidates.append((share, .slurm(Self.shared))) }
    let smallest = candidates.min { $0.count < $1.count }
    if let smallest, smallest.count < machine {
      (count, limit) = (max(1, smallest.count), smallest.limit)
    } else {
      (count, limit) = (machine, .machine)
    }
  }

  private static let shared = "SLURM_CPUS_ON_NODE for all tasks of SLURM_STEP_TASKS_PER_NODE"

  /// Of a step's CPUs on this node, where it has several tasks there and nobody has said how many each
  /// gets; nil elsewhere.
  private static func shareOfNode(_ environment: [String: String]) -> Int? {
    guard environment["SLURM_CPUS_PER_TASK"] == nil,
      let cpus = environment["SLURM_CPUS_ON_NODE"].flatMap({ Int($0) }), cpus > 0,
      let node = environment["SLURM_NODEID"].flatMap({ Int($0) }),
      let tasks = tasks(environment["SLURM_STEP_TASKS_PER_NODE"] ?? "", onNode: node), tasks > 1
    else { return nil }
    return max(1, cpus / tasks)
  }

  /// Reads lists such as `2(x3),1`: two tasks on each of three nodes, and one on the fourth.
  private static func tasks(_ text: String, onNode node: Int) -> Int? {
    var first = 0
    for part in text.split(separator: ",") {
      guard let match = part.wholeMatch(of: /(\d{1,9})(?:\(x(\d{1,9})\))?/),
        let tasks = Int(match.1), let nodes = match.2.map({ Int($0) }) ?? 1
      else { return nil }
      if node < first + nodes { return tasks }
      first += nodes
    }
    return nil
  }

  /// "4 CPUs", with what keeps it from more: "(SLURM_CPUS_PER_TASK; the machine has 128)".
  package var description: String {
    let cpus = "\(count) CPU\(count == 1 ? "" : "s")"
    let reason: String? =
      switch limit {
      case .machine: nil
      case .affinity: "the process may run on no others"
      case .quota(let quota): "a cgroup's quota of \((100 * quota).rounded() / 100) CPUs"
      case .slurm(let name): name
      }
    return cpus + (reason.map { " (\($0); the machine has \(machine))" } ?? "")
  }
}

/// Lists of CPUs as the kernel writes them: `0-3,8,10-11`.
enum CPUList {
  /// nil for what is no list.
  static func count(_ text: String?) -> Int? { members(text)?.count }

  /// The numbers in it, in its order; nil for what is no list.
  static func members(_ text: String?) -> [Int]? {
    guard let text else { return nil }
    var members: [Int] = []
    for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        0 <= first, first <= last, last < 1 << 16
      else { return nil }
      members += first...last
    }
    return members.isEmpty ? nil : members
  }
}
