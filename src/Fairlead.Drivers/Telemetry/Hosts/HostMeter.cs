using System.Buffers;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Hosts;

/// <summary>This machine's own figures, under the names of Prometheus's node exporter. What a kernel does not tell is left out.</summary>
/// <param name="root">Where the machine's <c>proc</c> is; <c>/</c> but in tests.</param>
public sealed class HostMeter(World world, string root = "/")
{
    private const int TextLettersMax = 256 * 1024;

    private static readonly string[] Resources = ["cpu", "io", "memory"];

    public void Measure(MetricPage page)
    {
        Read("proc/stat", text => HostTexts.Stat(text, page));
        Read("proc/meminfo", text => HostTexts.Memory(text, page));
        Read("proc/loadavg", text => HostTexts.Load(text, page));
        Read("proc/net/dev", text => HostTexts.Network(text, page));
        Read("proc/diskstats", text => HostTexts.Disks(text, page));
        Read("proc/sys/fs/file-nr", text => HostTexts.Descriptors(text, page));
        Read("proc/vmstat", text => HostTexts.Paging(text, page));
        foreach (var resource in Resources)
        {
            Read($"proc/pressure/{resource}", text => HostTexts.Pressure(resource, text, page));
        }
        Read("proc/self/mounts", text => Space(HostTexts.Mounts(text), page));
        Name(page);
        page.Gauge(
            "node_time_seconds",
            "System time in seconds since epoch (1970).",
            world.Now.ToUnixTimeMilliseconds() / 1000d
        );
    }

    private static void Space(IReadOnlyList<HostMount> mounts, MetricPage page)
    {
        foreach (var mount in mounts)
        {
            (string, string)[] labels = [("device", mount.Device), ("fstype", mount.Kind), ("mountpoint", mount.Point)];
            page.Gauge("node_filesystem_readonly", "Filesystem read-only status.", mount.IsReadOnly ? 1 : 0, labels);
            var isBroken = false;
            try
            {
                var drive = new DriveInfo(mount.Point);
                var (size, free, available) = (drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
                page.Gauge("node_filesystem_size_bytes", "Filesystem size in bytes.", size, labels);
                page.Gauge("node_filesystem_free_bytes", "Filesystem free space in bytes.", free, labels);
                page.Gauge(
                    "node_filesystem_avail_bytes",
                    "Filesystem space available to non-root users in bytes.",
                    available,
                    labels
                );
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or ArgumentException)
            {
                isBroken = true;
            }
            page.Gauge(
                "node_filesystem_device_error",
                "Whether an error occurred while getting statistics for the given device.",
                isBroken ? 1 : 0,
                labels
            );
        }
    }

    private void Name(MetricPage page)
    {
        var kernel = (Release: "", Version: "", Domain: "");
        Read("proc/sys/kernel/osrelease", text => kernel.Release = text.Trim());
        Read("proc/sys/kernel/domainname", text => kernel.Domain = text.Trim());
        Read("proc/sys/kernel/version", text => kernel.Version = text.Trim());
        page.Gauge(
            "node_uname_info",
            "Labeled system information as provided by the uname system call.",
            1,
            ("domainname", kernel.Domain),
            ("machine", MachineOf(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture)),
            ("nodename", Environment.MachineName),
            ("release", kernel.Release),
            ("sysname", "Linux"),
            ("version", kernel.Version)
        );
    }

    private static string MachineOf(System.Runtime.InteropServices.Architecture architecture) =>
        architecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "x86_64",
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            var other => other.ToString().ToLowerInvariant(),
        };

    private void Read(string path, Action<string> read)
    {
        var text = ArrayPool<char>.Shared.Rent(TextLettersMax);
        try
        {
            using var file = new StreamReader(Path.Combine(root, path));
            read(new string(text, 0, file.ReadBlock(text)));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            // This kernel does not tell it, or does not tell us.
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}
