namespace Fairlead.Engine.Infrastructure.Code.Ansible;

/// <summary>The role that leaves open what is needed and no more: shell, updates, firewall, kernel.</summary>
internal static class HardeningRole
{
    public static IReadOnlyList<CodeFile> Files { get; } =
    [
        new("roles/hardening/defaults/main.yml", Defaults),
        new("roles/hardening/handlers/main.yml", Handlers),
        AnsibleTexts.Meta("hardening", "Shell, updates, firewall and kernel of a machine"),
        new("roles/hardening/tasks/main.yml", Tasks),
        new("roles/hardening/templates/52fairlead-upgrades.j2", Upgrades),
        new("roles/hardening/templates/60-fairlead-sshd.conf.j2", Shell),
        new("roles/hardening/templates/60-fairlead-sysctl.conf.j2", Kernel),
        new("roles/hardening/templates/nftables.conf.j2", Firewall),
    ];

    private const string Defaults = """
        ---
        # Before every path: a disk that is mounted, when an image is made. Nothing is started then.
        hardening_root: ""
        hardening_ssh_sources:
          - 10.0.0.0/8
        hardening_open_ports:
          - 80
          - 443
        # Reached from hardening_inside_sources only.
        hardening_inside_ports: []
        hardening_inside_sources:
          - 10.0.0.0/8
        # When a machine restarts by itself after an update that asks for it; empty for never.
        hardening_reboot_time: "03:30"

        """;

    private const string Handlers = """
        ---
        # Checked before it is taken: a mistake here shuts everybody out.
        - name: Check settings of SSH
          ansible.builtin.command: sshd -t
          changed_when: false
          when: hardening_root | length == 0
          listen: Settings of SSH changed

        - name: Reload SSH
          ansible.builtin.service:
            name: ssh
            state: reloaded
          when: hardening_root | length == 0
          listen: Settings of SSH changed

        - name: Load kernel settings
          ansible.builtin.command: sysctl --system
          changed_when: true
          when: hardening_root | length == 0

        - name: Load firewall
          ansible.builtin.service:
            name: nftables
            state: reloaded
          when: hardening_root | length == 0

        """;

    private const string Tasks = """
        ---
        - name: Refuse other systems
          ansible.builtin.assert:
            that:
              - ansible_facts['os_family'] == 'Debian'
            fail_msg: These roles are for Debian and Ubuntu.
            quiet: true

        - name: Install what keeps the machine up to date and closed
          ansible.builtin.apt:
            name:
              - nftables
              - openssh-server
              - unattended-upgrades
            state: present
            update_cache: true
            cache_valid_time: 3600
          tags: packages

        - name: Make folders of settings
          ansible.builtin.file:
            path: "{{ hardening_root }}{{ item }}"
            state: directory
            owner: root
            group: root
            mode: "0755"
          loop:
            - /etc/apt/apt.conf.d
            - /etc/ssh/sshd_config.d
            - /etc/sysctl.d

        - name: Install security updates by themselves
          ansible.builtin.template:
            src: 52fairlead-upgrades.j2
            dest: "{{ hardening_root }}/etc/apt/apt.conf.d/52fairlead-upgrades"
            owner: root
            group: root
            mode: "0644"

        - name: Let people in by keys only
          ansible.builtin.template:
            src: 60-fairlead-sshd.conf.j2
            dest: "{{ hardening_root }}/etc/ssh/sshd_config.d/60-fairlead.conf"
            owner: root
            group: root
            mode: "0600"
          notify: Settings of SSH changed

        - name: Set the kernel
          ansible.builtin.template:
            src: 60-fairlead-sysctl.conf.j2
            dest: "{{ hardening_root }}/etc/sysctl.d/60-fairlead.conf"
            owner: root
            group: root
            mode: "0644"
          notify: Load kernel settings

        - name: Write the firewall
          ansible.builtin.template:
            src: nftables.conf.j2
            dest: "{{ hardening_root }}/etc/nftables.conf"
            owner: root
            group: root
            mode: "0644"
          notify: Load firewall

        - name: Start firewall and updates, now and after each start
          ansible.builtin.service:
            name: "{{ item }}"
            state: started
            enabled: true
          loop:
            - nftables
            - unattended-upgrades
          when: hardening_root | length == 0
          tags: services

        """;

    private const string Upgrades = """
        // {{ ansible_managed }}
        APT::Periodic::Update-Package-Lists "1";
        APT::Periodic::Unattended-Upgrade "1";
        APT::Periodic::AutocleanInterval "7";
        Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
        {% if hardening_reboot_time | length > 0 %}
        Unattended-Upgrade::Automatic-Reboot "true";
        Unattended-Upgrade::Automatic-Reboot-Time "{{ hardening_reboot_time }}";
        {% else %}
        Unattended-Upgrade::Automatic-Reboot "false";
        {% endif %}

        """;

    private const string Shell = """
        # {{ ansible_managed }}
        PermitRootLogin no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitEmptyPasswords no
        MaxAuthTries 3
        LoginGraceTime 30
        X11Forwarding no
        AllowAgentForwarding no
        ClientAliveInterval 300
        ClientAliveCountMax 2

        """;

    private const string Kernel = """
        # {{ ansible_managed }}
        # Addresses that cannot come from there are dropped, and nobody changes routes by a message.
        net.ipv4.conf.all.rp_filter = 2
        net.ipv4.conf.default.rp_filter = 2
        net.ipv4.conf.all.accept_redirects = 0
        net.ipv4.conf.default.accept_redirects = 0
        net.ipv6.conf.all.accept_redirects = 0
        net.ipv6.conf.default.accept_redirects = 0
        net.ipv4.conf.all.send_redirects = 0
        net.ipv4.conf.all.accept_source_route = 0
        net.ipv4.tcp_syncookies = 1
        # What the kernel and other people's programs do is nobody's business.
        kernel.dmesg_restrict = 1
        kernel.kptr_restrict = 2
        kernel.yama.ptrace_scope = 1
        kernel.unprivileged_bpf_disabled = 1
        fs.protected_fifos = 2
        fs.protected_hardlinks = 1
        fs.protected_regular = 2
        fs.protected_symlinks = 1
        fs.suid_dumpable = 0
        # A server takes many connections at once.
        net.core.somaxconn = 4096

        """;

    // A table of its own, replaced in one step: rules of container engines stay as they are.
    private const string Firewall = """
        #!/usr/sbin/nft -f
        # {{ ansible_managed }}
        table inet fairlead_host
        delete table inet fairlead_host

        table inet fairlead_host {
          chain input {
            type filter hook input priority filter; policy drop;

            ct state established,related accept
            ct state invalid drop
            iif lo accept

            # Without these IPv6 does not work, and paths with smaller packets do not either.
            meta l4proto ipv6-icmp accept
            ip protocol icmp icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept

        {% for source in hardening_ssh_sources %}
            {{ 'ip6' if ':' in source else 'ip' }} saddr {{ source }} tcp dport 22 ct state new limit rate 30/minute burst 60 packets accept
        {% endfor %}
        {% if hardening_open_ports | length > 0 %}
            tcp dport { {{ hardening_open_ports | join(', ') }} } accept
        {% endif %}
        {% if hardening_inside_ports | length > 0 %}
        {% for source in hardening_inside_sources %}
            {{ 'ip6' if ':' in source else 'ip' }} saddr {{ source }} tcp dport { {{ hardening_inside_ports | join(', ') }} } accept
        {% endfor %}
        {% endif %}
          }
        }

        """;
}
