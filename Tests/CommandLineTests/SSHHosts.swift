import Foundation
import TestSupport
import Testing

/// Hosts behind a real sshd of the test's own: each alias of one ssh configuration is a host with its own
/// name, home and key, and `island` has a network of its own too, which reaches nothing.
final class SSHHosts {
  static let requirement = Requirement.requirement(
    "needs to run as root, with sshd, ssh, unshare and nsenter on the PATH and the right to make "
      + "namespaces"
  ) {
    Machine.isRoot
      && ["sshd", "ssh", "unshare", "nsenter", "ip"].allSatisfy { Machine.hasProgram($0) }
      && Machine.run("unshare", "--net", "--uts", "--mount", "true") == 0
  }

  let folder: TemporaryFolder
  private let server: RunningProgram
  private let island: NetworkNamespace

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    let names = ["alpha", "beta", "island", "stranger", "server"]
    for name in names {
      #expect(
        Machine.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder[name]) == 0)
    }
    let enter = try folder.writeProgram(
      """
      #!/bin/sh
      export HOME="\(folder.path)/home-$1" VAESWEEP_DATA=
      unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_STATE_HOME
      mkdir -p "$HOME" && cd "$HOME" || exit 1
      exec unshare --uts sh -c 'hostname "$0"; exec sh -c "$SSH_ORIGINAL_COMMAND"' "$1"

      """, to: "enter")
    // The key of `stranger` lets nobody in.
    let authorized = try names.prefix(3).map { name in
      let key = try String(contentsOfFile: folder["\(name).pub"], encoding: .utf8)
      return "restrict,port-forwarding,command=\"\(enter) \(name)\" \(key)"
    }
    try folder.write(Array(authorized.joined().utf8), to: "authorized")
    let port = try FreePort.find()
    let configuration = try folder.write(
      Array(
        """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder["server"])
        PidFile none
        AuthorizedKeysFile \(folder["authorized"])
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin yes
        MaxStartups 100

        """.utf8), to: "sshd_config")
    // It wants a folder in /run, which is its own alone.
    let sshd =
      "mount -t tmpfs none /run && mkdir /run/sshd && exec /usr/sbin/sshd -f \(configuration)"
    let nowhere = try FreePort.find()
    island = try NetworkNamespace(in: folder, ["ip link set lo up"])
    try folder.write(
      Array(
        """
        Host alpha beta stranger
          HostName 127.0.0.1
          Port \(port)
        Host nowhere
          HostName 127.0.0.1
          Port \(nowhere)
        Host unknown
          HostName 127.0.0.1
          Port \(port)
          StrictHostKeyChecking yes
          UserKnownHostsFile /dev/null
        Host island
          ProxyCommand nsenter --target \(island.process) --net -- unshare --mount sh -c '\(sshd) -i'
        Host *
          User root
          IdentityFile \(folder.path)/%n
          IdentitiesOnly yes
          StrictHostKeyChecking accept-new
          UserKnownHostsFile \(folder["known"])

        """.utf8), to: "ssh_config")
    // sshd closes what it has inherited, which Foundation takes for its end: so it has a parent that does
    // not, and that takes it along.
    server = try RunningProgram(
      "/usr/bin/unshare",
      ["--mount", "--fork", "--kill-child", "sh", "-c", "\(sshd) -D -e"], in: folder)
    try server.waitForError(containing: "Server listening on")
  }

  /// How ssh is called so that it knows these hosts.
  var ssh: String { "ssh -F \(folder["ssh_config"])" }

  /// The folder that a host keeps its copies of the program in.
  func programs(on host: String) -> [String] {
    folder.names(in: "home-\(host)/.cache/vaesweep/bin")
  }
}
