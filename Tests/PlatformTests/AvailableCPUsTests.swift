import Platform
import TestSupport
import Testing

@Suite("CPUs that a process may use")
struct AvailableCPUsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A machine of 128 CPUs whose `/proc` and `/sys` say what `files` say.
  private func cpus(
    _ files: [String: String] = [:], allowed: String = "0-127", environment: [String: String] = [:]
  ) throws -> AvailableCPUs {
    let usual = [
      "proc/self/status": "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t\(allowed)\nx:\t1\n",
      "sys/devices/system/cpu/online": "0-127\n",
    ]
    for (path, text) in usual.merging(files, uniquingKeysWith: { $1 }) {
      try folder.write(Array(text.utf8), to: path)
    }
    return AvailableCPUs(root: folder.path, environment: environment)
  }

  private static let unified = "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
  private static let legacy =
    "30 1 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    + "31 1 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

  @Test("are the machine's where nothing limits them")
  func machine() throws {
    let all = try cpus()
    #expect(all.count == 128)
    #expect(all.limit == .machine)
    #expect(all.description == "128 CPUs")
  }

  @Test(
    "are those of its affinity, which a cpuset narrows too",
    arguments: [("0", 1), ("3,5", 2), ("0-3,8-9", 6)])
  func affinity(list: String, count: Int) throws {
    let some = try cpus(allowed: list)
    #expect(some.count == count)
    #expect(some.limit == .affinity)
    #expect(some.machine == 128)
  }

  @Test(
    "are what a quota of cgroup v2 leaves, the smallest on the way up",
    arguments: [
      ("max 100000", "max 100000", nil), ("400000 100000", "max 100000", 4),
      ("max 100000", "250000 100000", 2), ("300000 100000", "200000 100000", 2),
      ("50000 100000", "max 100000", 1), ("nonsense", "", nil),
    ] as [(String, String, Int?)])
  func unified(own: String, above: String, count: Int?) throws {
    let some = try cpus([
      "proc/self/cgroup": "0::/job.slice/task\n", "proc/self/mountinfo": Self.unified,
      "sys/fs/cgroup/job.slice/task/cpu.max": own + "\n",
      "sys/fs/cgroup/job.slice/cpu.max": above + "\n",
    ])
    #expect(some.count == count ?? 128)
  }

  @Test(
    "are what a quota of cgroup v1 leaves",
    arguments: [("-1", nil), ("150000", 1), ("800000", 8)] as [(String, Int?)])
  func legacy(quota: String, count: Int?) throws {
    let group = "sys/fs/cgroup/cpu,cpuacct/docker/x"
    let some = try cpus([
      "proc/self/cgroup": "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/\n",
      "proc/self/mountinfo": Self.legacy,
      "\(group)/cpu.cfs_quota_us": quota + "\n", "\(group)/cpu.cfs_period_us": "100000\n",
    ])
    #expect(some.count == count ?? 128)
  }

  @Test("are those of a container, which sees its own cgroup as the root")
  func container() throws {
    let mounts = "30 1 0:26 /docker/x /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
    let some = try cpus([
      "proc/self/cgroup": "4:cpu:/docker/x/inner\n", "proc/self/mountinfo": mounts,
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ])
    #expect(some.count == 3)
    #expect(some.description == "3 CPUs (a cgroup's quota of 3.0 CPUs; the machine has 128)")
  }

  @Test("are as many as Slurm gave to the task")
  func slurm() throws {
    let step = try cpus(environment: ["SLURM_CPUS_PER_TASK": "4", "SLURM_CPUS_ON_NODE": "64"])
    #expect(step.count == 4)
    #expect(step.limit == .slurm("SLURM_CPUS_PER_TASK"))
    #expect(try cpus(environment: ["SLURM_CPUS_ON_NODE": "8"]).count == 8)
    // More than the process may run on, or no number, is no reason to believe it.
    #expect(try cpus(allowed: "0-1", environment: ["SLURM_CPUS_PER_TASK": "4"]).count == 2)
    #expect(try cpus(environment: ["SLURM_CPUS_PER_TASK": "many"]).count == 128)
  }

  @Test("of this process can be told")
  func here() {
    #expect(AvailableCPUs(environment: [:]).count >= 1)
  }
}
