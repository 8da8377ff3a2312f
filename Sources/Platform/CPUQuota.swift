/// The share of CPU time that cgroups leave to a process.
enum CPUQuota {
  /// In CPUs; nil where there is no quota.
  ///
  /// The smallest of the process's cgroup and of all above it, as far as they can be seen, of both
  /// versions of cgroups.
  static func ofThisProcess(root: String) -> Double? {
    let groups = ProcessText.read("\(root)/proc/self/cgroup") ?? ""
    let mounts = MountTable(parsing: ProcessText.read("\(root)/proc/self/mountinfo") ?? "")
    var quotas: [Double] = []
    // `hierarchy:controllers:path`; version 2 has no controllers.
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      let isUnified = fields[0] == "0" && controllers.isEmpty
      guard isUnified || controllers.contains("cpu") else { continue }
      for mount in mounts.mounts {
        let serves =
          isUnified
          ? mount.filesystem.type == "cgroup2"
          : mount.filesystem.type == "cgroup" && mount.options.contains("cpu")
        guard serves else { continue }
        for folder in folders(of: String(fields[2]), in: mount) {
          let place = root + folder
          if let quota = isUnified ? unified(place) : legacy(place) { quotas.append(quota) }
        }
      }
    }
    return quotas.min()
  }

  /// The cgroup's folder and those above it, up to the mount point.
  ///
  /// Only what lies below the mount's root is seen there; a container sees its own cgroup as the root.
  private static func folders(of group: String, in mount: MountTable.Mount) -> [String] {
    let top = mount.root == "/" ? "" : mount.root
    guard group == top || group.hasPrefix(top + "/") else { return [mount.point] }
    var parts = group.dropFirst(top.count).split(separator: "/")
    // A process may have been moved out of what is seen.
    guard !parts.contains("..") else { return [mount.point] }
    var folders = [mount.point]
    var path = mount.point == "/" ? "" : mount.point
    while !parts.isEmpty {
      path += "/\(parts.removeFirst())"
      folders.append(path)
    }
    return folders
  }

  /// `cpu.max`: quota and period in microseconds; the quota may be `max`.
  private static func unified(_ folder: String) -> Double? {
    let words = ProcessText.read("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count == 2 else { return nil }
    return ratio(Double(words[0]), Double(words[1]))
  }

  /// Two files; a quota of -1 is none.
  private static func legacy(_ folder: String) -> Double? {
    func number(_ name: String) -> Double? {
      ProcessText.read("\(folder)/\(name)").flatMap { text in
        text.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
      }
    }
    return ratio(number("cpu.cfs_quota_us"), number("cpu.cfs_period_us"))
  }

  private static func ratio(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
