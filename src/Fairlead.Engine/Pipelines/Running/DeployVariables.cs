namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Variables that say which server is asked to deploy, and what is shown to it. Of all tasks only those that deploy get them.</summary>
public static class DeployVariables
{
    /// <summary>The address of a server elsewhere.</summary>
    public const string Server = "FAIRLEAD_SERVER";

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "CIRCLE_OIDC_TOKEN_V2",
        "FAIRLEAD_AUDIENCE",
        "FAIRLEAD_ID_TOKEN",
        Server,
        "FAIRLEAD_SERVICE_CONNECTION",
        "FAIRLEAD_STATE",
        "FAIRLEAD_TOKEN",
        "FAIRLEAD_TOKEN_FILE",
        "SYSTEM_ACCESSTOKEN",
        "SYSTEM_OIDCREQUESTURI",
    ];
}
