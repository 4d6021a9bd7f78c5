using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Faces.Http;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Roles.Up;

namespace Fairlead.Roles.Drill;

/// <summary>The scratch app, which is this program in another role, and the processes of this installation.</summary>
/// <param name="self">How this program is started.</param>
/// <param name="edge">Where this machine reaches its own edge, such as <c>127.0.0.1:8080</c>.</param>
internal sealed class DrillGround(StateFolder state, IReadOnlyList<string> self, string edge)
    : IDrillGround,
        IDisposable
{
    private const string Host = "drill.localhost";
    private static readonly TimeSpan TallyMax = TimeSpan.FromSeconds(3);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TallyMax };

    public string Prepare(bool goesBack)
    {
        var folder = Path.Combine(state.Root, "drill");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "fairlead.yaml");
        // What a service is made of must be something.
        File.WriteAllText(Path.Combine(folder, "README.md"), "The scratch app of drills, which is Fairlead itself.\n");
        File.WriteAllText(file, Manifest(goesBack));
        return folder;
    }

    public async Task<DrillTally?> TallyAsync(CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{edge}{DrillRole.TallyPath}");
            request.Headers.Host = Host;
            using var answer = await http.SendAsync(request, stop);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync<DrillTally>(JsonSerializerOptions.Web, stop)
                : null;
        }
        catch (Exception caught) when (caught is HttpRequestException or JsonException or TaskCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async Task FaultAsync(string fault, bool isOn, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{edge}{Faults.PathOf(fault, isOn)}");
            request.Headers.Host = Host;
            request.Headers.Add(Faults.KeyHeader, Key());
            using var answer = await http.SendAsync(request, stop);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
            throw NoFault(fault, $"The scratch app answered {(int)answer.StatusCode}.");
        }
        catch (Exception caught) when (caught is HttpRequestException or TaskCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            throw NoFault(fault, $"The scratch app does not answer: {caught.GetBaseException().Message}");
        }
    }

    public string? ProcessOf(string role) =>
        RoleNotes.Alive(state).FirstOrDefault(one => one.Role == role) is { } note
            ? string.Create(CultureInfo.InvariantCulture, $"process {note.Pid}, begun at tick {note.StartTicks}")
            : null;

    public void Kill(string role)
    {
        if (RoleNotes.Alive(state).FirstOrDefault(one => one.Role == role) is { } note)
        {
            _ = Child.Signal(note.Pid, Signal.Kill);
        }
    }

    public void Dispose() => http.Dispose();

    private static ProblemException NoFault(string fault, string why) =>
        new(
            new Problem(
                "drill.no-fault",
                What: $"The fault {fault} could not be begun or ended.",
                Why: why,
                Fix: "Look at its output: fairlead logs drill --environment drill"
            )
        );

    private string Key() => ApiToken.ReadOrMake(Path.Combine(state.Root, "drill.key"));

    private string Manifest(bool goesBack)
    {
        var run = JsonSerializer.Serialize<string[]>([.. self, "role", "drill", "--state", state.Root]);
        return $$"""
            # The scratch app of drills: written by Fairlead, for 'fairlead drill run'.
            app: drill
            services:
              web:
                kind: web
                path: .
                run: {{run}}
                routes: [/]
                uses: [dep, outside]
                health: /healthz
                env: { DRILL_PART: web, {{Faults.KeyVariable}}: {{Key()}} }
                deploy: { strategy: recreate }
                keep: 0s
              dep:
                kind: api
                path: .
                run: {{run}}
                routes: [/dep]
                health: /healthz
                env: { DRILL_PART: dep }
                deploy: { strategy: recreate }
                keep: 0s
              outside:
                kind: api
                path: .
                run: {{run}}
                routes: [/outside]
                health: /healthz
                env: { DRILL_PART: outside, {{Faults.KeyVariable}}: {{Key()}} }
                deploy: { strategy: recreate }
                keep: 0s
              visitor:
                kind: api
                path: .
                run: {{run}}
                routes: [{{DrillRole.TallyPath}}]
                health: /healthz
                env: { DRILL_PART: visitor, DRILL_VISIT: "http://{{edge}}/", DRILL_HOST: {{Host}} }
                deploy: { strategy: recreate }
                keep: 0s
            environments:
              drill: { target: local, rollback: {{(goesBack ? "auto" : "never")}} }
            alerts:
              rules:
                - alert: DrillSlow
                  expr: |
                    1 - sum(increase(fairlead_request_duration_seconds_bucket{service="web",le="1"}[10s]))
                      / sum(increase(fairlead_request_duration_seconds_count{service="web"}[10s])) > 0.5
                  labels: { severity: page }
                  annotations: { summary: More than half of the requests took longer than a second. }

            """;
    }
}
