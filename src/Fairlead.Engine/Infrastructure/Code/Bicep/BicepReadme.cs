using System.Text;
using Fairlead.Engine.Infrastructure.Code.Azure;

namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>What a team reads that takes the code and goes on with it.</summary>
internal static class BicepReadme
{
    public static string Text(AzureDraft draft, BicepModules modules, IReadOnlyList<BicepParameter> parameters)
    {
        var (site, region) = (draft.Graph.Site, draft.Graph.Place.Region);
        var group = $"rg-{draft.Prefix}";
        var text = new StringBuilder(
            $"""
            # {draft.Prefix}

            What {site.App} needs of Azure in {site.Environment}, for one resource group.

            ## Apply it

            ```sh
            az group create --name {group} --location {region}
            az deployment group what-if --resource-group {group} --parameters main.bicepparam
            az stack group create --name {draft.Prefix} --resource-group {group} --parameters main.bicepparam \
              --action-on-unmanage detachAll --deny-settings-mode none
            ```

            `what-if` says what would be done, and does nothing. A stack knows what it made: what is no longer in the code is found, and is removed with
            `--action-on-unmanage deleteResources`. Whoever applies it may assign roles (Owner, or Contributor with Role Based Access Control Administrator).

            Without a cloud: `bicep build main.bicep && bicep lint main.bicep && bicep snapshot main.bicepparam --mode overwrite`.

            ## Files

            - `main.bicep`: the modules, and what one tells the other
            - `main.bicepparam`: what is said of it
            - `bicepconfig.json`: rules of the linter, all of them errors

            """
        );
        Parts(text, draft, modules, parameters);
        return text.ToString();
    }

    private static void Parts(
        StringBuilder text,
        AzureDraft draft,
        BicepModules modules,
        IReadOnlyList<BicepParameter> parameters
    )
    {
        foreach (var one in modules.All)
        {
            text.Append($"- `modules/{one.Name}.bicep`: {AzureParts.Said(one.Name)}\n");
        }
        text.Append("\n## Parameters\n\n| Parameter | What it is |\n|---|---|\n");
        foreach (var one in parameters)
        {
            var variable = one.Variable is { } name ? $"; read from `{name}`" : "";
            text.Append($"| `{one.Name}` | {one.Description}{variable} |\n");
        }
        if (draft.Resources.Any(static one => one.Type == AzureTypes.Lock))
        {
            text.Append(
                """

                ## Removing it

                What holds data, and what visitors reach, is locked. `az lock delete --name protected …` comes first. A vault, and what was in it, can be
                brought back for 90 days and cannot be removed for good before.

                """
            );
        }
        if (draft.Notes.Count > 0)
        {
            text.Append("\n## Good to know\n\n");
            foreach (var note in draft.Notes)
            {
                text.Append($"- {note}\n");
            }
        }
    }
}
