namespace Fairlead.Engine.Infrastructure.Code.Ansible;

/// <summary>The role that runs Fairlead as a service of systemd.</summary>
internal static class FairleadRole
{
    public static IReadOnlyList<CodeFile> Files { get; } =
    [
        new("roles/fairlead/defaults/main.yml", Defaults),
        new("roles/fairlead/handlers/main.yml", Handlers),
        AnsibleTexts.Meta("fairlead", "Fairlead as a service of systemd"),
        new("roles/fairlead/tasks/main.yml", Tasks),
        new("roles/fairlead/templates/fairlead.service.j2", Unit),
    ];

    private const string Defaults = """
        ---
        # Before every path: a disk that is mounted, when an image is made. Nothing is started then.
        fairlead_root: ""
        fairlead_program: files/fairlead
        fairlead_user: fairlead
        fairlead_state: /var/lib/fairlead
        fairlead_http: 0.0.0.0:80
        fairlead_https: 0.0.0.0:443

        """;

    private const string Handlers = """
        ---
        # Apps go on, and the edge's sockets are taken over: see ExecStop in the unit.
        - name: Restart Fairlead
          ansible.builtin.systemd:
            name: fairlead
            state: restarted
            daemon_reload: true
          when: fairlead_root | length == 0

        """;

    private const string Tasks = """
        ---
        # Apps run as this account too; it may nothing else.
        - name: Make the account
          ansible.builtin.user:
            name: "{{ fairlead_user }}"
            system: true
            home: "{{ fairlead_state }}"
            create_home: false
            shell: /usr/sbin/nologin
          when: fairlead_root | length == 0
          tags: services

        - name: Make folders of programs and units
          ansible.builtin.file:
            path: "{{ fairlead_root }}{{ item }}"
            state: directory
            owner: root
            group: root
            mode: "0755"
          loop:
            - /etc/systemd/system
            - /usr/local/bin

        - name: Make the folder of its state
          ansible.builtin.file:
            path: "{{ fairlead_root }}{{ fairlead_state }}"
            state: directory
            owner: "{{ fairlead_user if fairlead_root | length == 0 else 'root' }}"
            group: "{{ fairlead_user if fairlead_root | length == 0 else 'root' }}"
            mode: "0700"

        - name: Install the program
          ansible.builtin.copy:
            src: "{{ fairlead_program }}"
            dest: "{{ fairlead_root }}/usr/local/bin/fairlead"
            owner: root
            group: root
            mode: "0755"
          notify: Restart Fairlead

        - name: Write the unit
          ansible.builtin.template:
            src: fairlead.service.j2
            dest: "{{ fairlead_root }}/etc/systemd/system/fairlead.service"
            owner: root
            group: root
            mode: "0644"
          notify: Restart Fairlead

        - name: Start Fairlead, now and after each start
          ansible.builtin.systemd:
            name: fairlead
            state: started
            enabled: true
            daemon_reload: true
          when: fairlead_root | length == 0
          tags: services

        """;

    private const string Unit = """
        # {{ ansible_managed }}
        [Unit]
        Description=Fairlead
        Wants=network-online.target
        After=network-online.target

        [Service]
        User={{ fairlead_user }}
        Group={{ fairlead_user }}
        ExecStart=/usr/local/bin/fairlead up --state {{ fairlead_state }} --http {{ fairlead_http }} --https {{ fairlead_https }}
        # A restart leaves the apps running; the next start finds them again. To stop them too: fairlead down
        ExecStop=/usr/local/bin/fairlead down --keep-apps --state {{ fairlead_state }}
        KillMode=process
        TimeoutStopSec=120
        Restart=always
        RestartSec=2
        # Limits of apps are control groups of its own.
        Delegate=yes
        # Ports below 1024, without being root.
        AmbientCapabilities=CAP_NET_BIND_SERVICE
        CapabilityBoundingSet=CAP_NET_BIND_SERVICE
        NoNewPrivileges=yes
        LimitNOFILE=1048576
        ProtectSystem=full
        ProtectHome=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        PrivateTmp=yes

        [Install]
        WantedBy=multi-user.target

        """;
}
