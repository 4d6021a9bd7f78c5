using System.Runtime.InteropServices;
using Storefront.Worker;

var faultWord = Environment.GetEnvironmentVariable("FAULT");
if (Fault.TryParse(faultWord) is not { } fault)
{
    Console.WriteLine($"fatal: FAULT={faultWord} is unknown; say one of {Fault.Words}");
    return 2;
}
if (fault.Kind is FaultKind.Crash)
{
    Console.WriteLine("fatal: cannot start, because FAULT=crash is set");
    return 3;
}
if (!Uri.TryCreate(Environment.GetEnvironmentVariable("API_URL")?.TrimEnd('/') + '/', UriKind.Absolute, out var api))
{
    Console.WriteLine("fatal: API_URL must say where the api answers; Fairlead sets it for 'uses: [api]'");
    return 2;
}

using var stopping = new CancellationTokenSource();
using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(5) };

var release = Environment.GetEnvironmentVariable("FAIRLEAD_RELEASE") ?? "dev";
var name = $"{release}/{Environment.GetEnvironmentVariable("FAIRLEAD_SLOT") ?? "0"}/{Environment.ProcessId}";
Console.WriteLine($"packing orders of {api} as {name}");
fault.Begin();
await new PackingTable(new OrderClient(http, name), fault).WorkAsync(stopping.Token);
Console.WriteLine("stopped, with no order in hand");
return 0;

void Stop(PosixSignalContext signal)
{
    if (fault.Kind is FaultKind.Abrupt)
    {
        Environment.Exit(143);
    }
    signal.Cancel = true; // Not the end yet: the order in hand is finished first.
    Console.WriteLine("asked to stop");
    stopping.Cancel();
}
