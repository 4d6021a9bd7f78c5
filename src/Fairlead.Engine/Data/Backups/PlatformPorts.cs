using Fairlead.Model.Ports;

namespace Fairlead.Engine.Data.Backups;

/// <summary>What saves and brings back a whole Fairlead.</summary>
public sealed record PlatformPorts(IPlatformFiles Files, IBackupRepositories Repositories);
