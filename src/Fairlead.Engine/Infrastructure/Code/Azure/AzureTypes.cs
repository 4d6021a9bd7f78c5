namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Kinds of resources, each with the version of its API that is written.</summary>
internal static class AzureTypes
{
    public const string Network = "Microsoft.Network/virtualNetworks@2024-07-01";
    public const string Subnet = "Microsoft.Network/virtualNetworks/subnets@2024-07-01";
    public const string Firewall = "Microsoft.Network/networkSecurityGroups@2024-07-01";
    public const string Exit = "Microsoft.Network/natGateways@2024-07-01";
    public const string Address = "Microsoft.Network/publicIPAddresses@2024-07-01";
    public const string PrivateEndpoint = "Microsoft.Network/privateEndpoints@2024-07-01";
    public const string PrivateEndpointNames = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01";
    public const string PrivateLinkService = "Microsoft.Network/privateLinkServices@2024-07-01";
    public const string Balancer = "Microsoft.Network/loadBalancers@2024-07-01";
    public const string PrivateZone = "Microsoft.Network/privateDnsZones@2024-06-01";
    public const string PrivateZoneLink = "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01";
    public const string ZoneText = "Microsoft.Network/dnsZones/TXT@2018-05-01";
    public const string ZoneAlias = "Microsoft.Network/dnsZones/CNAME@2018-05-01";
    public const string ZoneAddress = "Microsoft.Network/dnsZones/A@2018-05-01";
    public const string ZoneAddress6 = "Microsoft.Network/dnsZones/AAAA@2018-05-01";
    public const string Zone = "Microsoft.Network/dnsZones@2018-05-01";

    public const string Logs = "Microsoft.OperationalInsights/workspaces@2025-02-01";
    public const string Insights = "Microsoft.Insights/components@2020-02-02";
    public const string Diagnostics = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview";
    public const string Alarm = "Microsoft.Insights/metricAlerts@2018-03-01";
    public const string AlarmTopic = "Microsoft.Insights/actionGroups@2023-01-01";
    public const string Autoscale = "Microsoft.Insights/autoscaleSettings@2022-10-01";

    public const string Identity = "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30";
    public const string RoleAssignment = "Microsoft.Authorization/roleAssignments@2022-04-01";
    public const string Lock = "Microsoft.Authorization/locks@2020-05-01";

    public const string Postgres = "Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01";
    public const string PostgresDatabase = "Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01";
    public const string Mysql = "Microsoft.DBforMySQL/flexibleServers@2023-12-30";
    public const string MysqlDatabase = "Microsoft.DBforMySQL/flexibleServers/databases@2023-12-30";
    public const string MysqlSetting = "Microsoft.DBforMySQL/flexibleServers/configurations@2023-12-30";
    public const string Redis = "Microsoft.Cache/redisEnterprise@2025-07-01";
    public const string RedisDatabase = "Microsoft.Cache/redisEnterprise/databases@2025-07-01";
    public const string Storage = "Microsoft.Storage/storageAccounts@2025-01-01";
    public const string Blobs = "Microsoft.Storage/storageAccounts/blobServices@2025-01-01";
    public const string Container = "Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01";
    public const string StorageRules = "Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01";
    public const string Messages = "Microsoft.ServiceBus/namespaces@2024-01-01";
    public const string Queue = "Microsoft.ServiceBus/namespaces/queues@2024-01-01";
    public const string Vault = "Microsoft.KeyVault/vaults@2024-11-01";
    public const string Secret = "Microsoft.KeyVault/vaults/secrets@2024-11-01";
    public const string Registry = "Microsoft.ContainerRegistry/registries@2025-04-01";
    public const string RegistryTask = "Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview";

    public const string ContainerPool = "Microsoft.App/managedEnvironments@2025-07-01";
    public const string ContainerApp = "Microsoft.App/containerApps@2025-07-01";
    public const string Plan = "Microsoft.Web/serverfarms@2024-04-01";
    public const string Site = "Microsoft.Web/sites@2024-04-01";
    public const string SiteSettings = "Microsoft.Web/sites/config@2024-04-01";
    public const string SitePublishing = "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01";
    public const string Machines = "Microsoft.Compute/virtualMachineScaleSets@2024-11-01";

    public const string FrontDoor = "Microsoft.Cdn/profiles@2025-06-01";
    public const string OriginGroup = "Microsoft.Cdn/profiles/originGroups@2025-06-01";
    public const string Origin = "Microsoft.Cdn/profiles/originGroups/origins@2025-06-01";
    public const string Endpoint = "Microsoft.Cdn/profiles/afdEndpoints@2025-06-01";
    public const string Route = "Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01";
    public const string Domain = "Microsoft.Cdn/profiles/customDomains@2025-06-01";
    public const string RuleSet = "Microsoft.Cdn/profiles/ruleSets@2025-06-01";
    public const string Rule = "Microsoft.Cdn/profiles/ruleSets/rules@2025-06-01";
}
