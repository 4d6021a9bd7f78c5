using Fairlead.Faces.Dashboard.Pages;

namespace Fairlead.Faces.Dashboard;

/// <summary>Every page. To add one: its file and its component in <c>Pages</c>, a line here, and a place in the navigation.</summary>
public static class AllPages
{
    public static IReadOnlyList<IPage> Entries { get; } =
    [
        new OverviewPage(),
        new DeploymentPage(),
        new AppPage(),
        new IncidentsPage(),
        new IncidentPage(),
        new AlertsPage(),
        new ApprovalsPage(),
        new MetricsPage(),
        new LogsPage(),
        new ErrorsPage(),
        new ErrorPage(),
        new RealUsersPage(),
        new MapPage(),
        new TracePage(),
        new MonitorsPage(),
        new MonitorPage(),
        new ObjectivesPage(),
        new PipelinesPage(),
        new RunPage(),
        new InfrastructurePage(),
        new DataPage(),
        new DrillsPage(),
        new DrillPage(),
        new OnCallPage(),
        new AgentsPage(),
        new PlanPage(),
        new HandoffPage(),
        new SecurityPage(),
        new ReportsPage(),
        new SettingsPage(),
    ];

    /// <summary>The first page, which answers at the address of the server as well.</summary>
    public static IPage Home => Entries[0];

    /// <summary>What stands beside every page, in groups.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(string Word, string Url)> Links)> Navigation { get; } =
    [
        (
            "Now",
            [
                ("Overview", "/ui/"),
                ("Approvals", "/ui/approvals"),
                ("Incidents", "/ui/incidents"),
                ("Alerts", "/ui/alerts"),
                ("On call", "/ui/on-call"),
                ("Agents", "/ui/agents"),
            ]
        ),
        (
            "Look",
            [
                ("Metrics", "/ui/metrics"),
                ("Logs", "/ui/logs"),
                ("Errors", "/ui/errors"),
                ("Real users", "/ui/users"),
                ("Service map", "/ui/map"),
                ("Monitors", "/ui/monitors"),
                ("Objectives", "/ui/objectives"),
            ]
        ),
        (
            "Make",
            [
                ("Pipelines", "/ui/pipelines"),
                ("Infrastructure", "/ui/infrastructure"),
                ("Data", "/ui/data"),
                ("Drills", "/ui/drills"),
            ]
        ),
        ("Keep", [("Security", "/ui/security"), ("Reports", "/ui/reports"), ("Settings", "/ui/settings")]),
    ];

    /// <summary>What is said after an act.</summary>
    public static string? Told(string operation) =>
        operation switch
        {
            "promote" => "It goes on without waiting.",
            "abort" => "It is taken back.",
            "hold" => "It stays where it is.",
            "resume" => "It goes on.",
            "approve" => "Approved.",
            "reject" => "Rejected.",
            "rollback" => "The roll-back is on its way.",
            "incident.acknowledge" => "You have it: nobody else is woken.",
            "incident.open" => "The incident is open.",
            "incident.note" => "Written down.",
            "incident.resolve" => "Resolved.",
            "agent.approve" => "Approved: whoever made the plan may do it, once.",
            "agent.reject" => "Rejected.",
            "agent.freeze" => "Agents are stopped.",
            "agent.thaw" => "Agents may go on.",
            "backup.drill" => "It was restored elsewhere and looked at: what came of it stands below.",
            "handoff.accept" => "Accepted: it holds from now on.",
            "handoff.reject" => "Rejected: who offered it is told why.",
            "handoff.fulfil" => "Fulfilled.",
            "incident.reopen" => "It is open again.",
            "incident.rollback" => "The roll-back is on its way.",
            "silence.remove" => "Whoever is on call is told of it again.",
            "monitor.test" => "It was looked at.",
            "monitor.pause" => "Nobody looks at it for now.",
            "monitor.resume" => "It is looked at again.",
            "backup.run" => "It is being saved.",
            "drill.run" => "The drill begins.",
            "silence.add" => "Nobody is told of it for now.",
            _ => "Done.",
        };
}
