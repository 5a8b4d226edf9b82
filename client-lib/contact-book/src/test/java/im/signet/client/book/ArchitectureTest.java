package im.signet.client.book;

import im.signet.client.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {}
