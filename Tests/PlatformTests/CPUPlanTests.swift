import Platform
import TestSupport
import Testing

@Suite("CPUs that trainers are kept to")
struct CPUPlanTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A machine of eight CPUs, of which 0 and 4, 1 and 5 and so on share a core.
  private func plan(
    allowed: String, environment: [String: String] = [:], quota: String? = nil, isAuto: Bool = true,
    isCounted: Bool = false
  ) throws -> CPUPlan {
    var files = [
      "proc/self/status": "Name:\tx\nCpus_allowed_list:\t\(allowed)\n",
      "sys/devices/system/cpu/online": "0-7\n",
    ]
    for cpu in 0..<8 {
      files["sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"] =
        "\(cpu % 4),\(cpu % 4 + 4)\n"
    }
    if let quota {
      files["proc/self/cgroup"] = "0::/\n"
      files["proc/self/mountinfo"] = "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
      files["sys/fs/cgroup/cpu.max"] = quota + "\n"
    }
    for (path, text) in files { try folder.write(Array(text.utf8), to: path) }
    return CPUPlan(
      AvailableCPUs(root: folder.path, environment: environment), isAuto: isAuto,
      isCounted: isCounted, root: folder.path)
  }

  @Test("are one of each core first, then the other hyper-threads")
  func order() throws {
    #expect(try plan(allowed: "0-7").cpus == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try plan(allowed: "0,1,4,5").cpus == [0, 1, 4, 5])
    #expect(try plan(allowed: "1,2,5").cpus == [1, 2, 5])
    // Where a core's first thread is another's, its second is as good.
    #expect(try plan(allowed: "4,5,2,6").cpus == [2, 4, 5, 6])
  }

  @Test("are those of a narrowed mask, and of all the machine where that was asked for")
  func whenKept() throws {
    let narrowed = try plan(allowed: "2-3", isAuto: false)
    #expect(narrowed.cpus == [2, 3])
    #expect(narrowed.reason == .kept)
    #expect(narrowed.description == "one trainer kept to each of the CPUs 2,3")
    #expect(try plan(allowed: "0-7", isAuto: false).reason == .unasked)
    #expect(try plan(allowed: "0-7", isAuto: true).reason == .kept)
  }

  @Test("are none where others may have them, or only a share of their time is to be had")
  func whenNotKept() throws {
    #expect(try plan(allowed: "0-3", isAuto: false, isCounted: true).reason == .counted)
    #expect(try plan(allowed: "0-7", environment: ["SLURM_CPUS_PER_TASK": "2"]).reason == .shared)
    #expect(try plan(allowed: "0-7", quota: "250000 100000").reason == .shared)
    #expect(try plan(allowed: "nonsense").reason == .unknown)
    for plan in [try plan(allowed: "0-7", quota: "250000 100000"), try plan(allowed: "x")] {
      #expect(plan.cpus.isEmpty)
      #expect(plan.description.hasPrefix("trainers run on any"))
    }
    // Slurm's own number, where the mask is as narrow, changes nothing.
    #expect(try plan(allowed: "0-1", environment: ["SLURM_CPUS_PER_TASK": "2"]).cpus == [0, 1])
  }

  @Test("are divided among the tasks of a step on one node, where nobody has said how")
  func tasksOfOneNode() throws {
    func count(_ tasks: String, node: String, _ more: [String: String] = [:]) throws -> Int {
      let environment = [
        "SLURM_CPUS_ON_NODE": "8", "SLURM_STEP_TASKS_PER_NODE": tasks, "SLURM_NODEID": node,
      ]
      try folder.write(
        Array("Cpus_allowed_list:\t0-7\n".utf8), to: "proc/self/status")
      try folder.write(Array("0-7\n".utf8), to: "sys/devices/system/cpu/online")
      return AvailableCPUs(
        root: folder.path, environment: environment.merging(more) { $1 }
      ).count
    }
    #expect(try count("1(x3)", node: "0") == 8)
    #expect(try count("2(x2),4", node: "1") == 4)
    #expect(try count("2(x2),4", node: "2") == 2)
    #expect(try count("16", node: "0") == 1)
    #expect(try count("2", node: "0", ["SLURM_CPUS_PER_TASK": "3"]) == 3)
    for nonsense in ["", "x", "2(x", "2(x2),4,,"] {
      #expect(try count(nonsense, node: "9") == 8)
    }
  }

  @Test("are held by one process at a time, until it lets go")
  func held() throws {
    // Beyond any machine's: no worker takes them.
    let numbers = [9_000_001, 9_000_002]
    var first = HeldCPUs(numbers)
    #expect(first != nil)
    #expect(HeldCPUs([9_000_000, 9_000_002]) == nil)
    // What was in the way of nobody is let go of.
    let other = HeldCPUs([9_000_000])
    #expect(other != nil)
    withExtendedLifetime((first, other)) {}
    first = nil
    #expect(HeldCPUs(numbers) != nil)
  }

  @Test("are kept by the system")
  func child() throws {
    let child = try ChildProcess("/bin/sleep", ["100"])
    let status = try #require(try readFile("/proc/\(child.number)/status", atMost: 1 << 16))
    let text = String(decoding: status, as: UTF8.self)
    let list = try #require(text.firstMatch(of: /Cpus_allowed_list:\s*(\d+)/)).1
    let cpu = try #require(Int(list))
    #expect(child.keep(to: cpu))
    let after = try #require(try readFile("/proc/\(child.number)/status", atMost: 1 << 16))
    #expect(String(decoding: after, as: UTF8.self).contains("Cpus_allowed_list:\t\(cpu)\n"))
    #expect(!child.keep(to: 1 << 15))
    #expect(!child.keep(to: -1))
    child.end()
    #expect(!child.keep(to: cpu))
  }
}
