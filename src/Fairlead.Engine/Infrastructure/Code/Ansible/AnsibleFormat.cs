using System.Globalization;
using System.Text;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Ansible;

/// <summary>
/// Playbooks that make a Debian or Ubuntu machine ready: hardened, with what programs are run by, and with Fairlead as a service. They
/// say how a machine is to be, so a second run changes nothing. They need ansible-core alone, no collection.
/// </summary>
public sealed class AnsibleFormat : ICodeFormat
{
    public string Name => "ansible";

    public IReadOnlyList<CloudKind> Clouds => [CloudKind.Aws, CloudKind.Google, CloudKind.Azure];

    public CodeFiles Write(ResourceGraph graph, CodeSettings settings)
    {
        var groups = graph.All<MachineGroup>().OrderBy(static one => one.Name, StringComparer.Ordinal).ToList();
        List<CodeFile> files =
        [
            FileOf("ansible.cfg", AnsibleTexts.Configuration),
            FileOf("group_vars/all.yml", Variables(graph)),
            FileOf("inventory.example.yml", Inventory(graph, groups)),
            FileOf("site.yml", Playbook(graph)),
            .. HardeningRole.Files,
            .. RuntimeRole.Files,
            .. FairleadRole.Files,
        ];
        return new(
            [.. files.OrderBy(static one => one.Path, StringComparer.Ordinal)],
            groups.Count > 0
                ? []
                :
                [
                    $"{graph.Site} has no machines of its own in this cloud: the playbooks are for machines that you name in the inventory.",
                ]
        );
    }

    private static CodeFile FileOf(string path, string text) => new(path, text);

    private static string Variables(ResourceGraph graph)
    {
        var ports = graph.All<MachineGroup>().Select(static one => one.Port).OfType<int>().Distinct().Order().ToList();
        var text = new StringBuilder("---\n");
        text.Append(
            "# Who may open a shell: your office or your bastion. From everywhere else port 22 does not answer.\n"
        );
        text.Append("hardening_ssh_sources:\n  - 10.0.0.0/8\n");
        text.Append("# Ports that answer everybody. The edge takes 80 and 443");
        text.Append(ports.Count > 0 ? $"; load balancers reach {string.Join(", ", ports)} from inside.\n" : ".\n");
        text.Append("hardening_open_ports:\n  - 80\n  - 443\n");
        text.Append(ports.Count > 0 ? "hardening_inside_ports:\n" : "hardening_inside_ports: []\n");
        foreach (var port in ports)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {port}\n");
        }
        text.Append("# What programs are run by: nodejs, python, java, php or ruby, as the distribution has them.\n");
        text.Append("# Compiled programs, of .NET as well if they are published self-contained, need nothing.\n");
        text.Append("runtime_languages: []\n");
        text.Append("# Where the program 'fairlead' lies on the machine that runs Ansible.\n");
        return text.Append("fairlead_program: files/fairlead\n").ToString();
    }

    private static string Inventory(ResourceGraph graph, List<MachineGroup> groups)
    {
        var text = new StringBuilder("---\n");
        text.Append("# Copy it to inventory.yml, which is not committed, and write your machines in.\n");
        text.Append($"# The names are those of {graph.Site}'s machines in {graph.Place.Region}.\n");
        text.Append("machines:\n  children:\n");
        var names = groups.Count > 0 ? groups.Select(static one => one.Name.Replace('-', '_')) : ["all_in_one"];
        var host = 10; // 192.0.2.0/24 is kept for examples (RFC 5737).
        foreach (var name in names)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    {name}:\n      hosts:\n        {name}_1:\n          ansible_host: 192.0.2.{host++}\n"
            );
        }
        return text.Append("  vars:\n    ansible_user: admin\n").ToString();
    }

    private static string Playbook(ResourceGraph graph) =>
        $"""
            ---
            # Makes the machines of {graph.Site} ready: ansible-playbook site.yml -i inventory.yml
            # What would change: add --check --diff. A second run changes nothing.
            - name: Make machines ready for {graph.Site.App}
              hosts: machines
              become: true
              # One after the other where a mistake would shut everybody out.
              serial:
                - 1
                - "50%"
              roles:
                - role: hardening
                - role: runtime
                - role: fairlead

            """;
}
