/** Given and family names from many places, to make people up from. Any likeness to somebody is chance. */

/** Names that go together, and in which order they are said. */
export interface Culture {
  given: readonly string[];
  family: readonly string[];
  /** The family name comes first. */
  familyFirst?: boolean;
}

const words = (text: string): readonly string[] => text.split(" ");

export const CULTURES: readonly Culture[] = [
  {
    given: words("Abena Kofi Kwame Akosua Yaw Efua Ama Kojo Adwoa Kwesi Afia Nana"),
    family: words("Mensah Boateng Owusu Asante Appiah Agyeman Darko Antwi Ofori Osei Amoah Frimpong"),
  },
  {
    given: words("Chinedu Ngozi Emeka Adaeze Ifeanyi Chioma Obinna Nkechi Uche Amaka Tunde Folake"),
    family: words("Okafor Eze Nwosu Adeyemi Balogun Okonkwo Obi Afolabi Nnamdi Adebayo Onyeka Bello"),
  },
  {
    given: words("Wanjiru Kamau Achieng Otieno Njeri Kiprop Wambui Mwangi Akinyi Kipchoge Nyokabi Baraka"),
    family: words("Kariuki Odhiambo Kimani Cheruiyot Njoroge Ochieng Wekesa Maina Rotich Mutua Gathoni Were"),
  },
  {
    given: words("Fatima Youssef Layla Karim Nadia Tariq Salma Hassan Zeinab Khalil Rania Idris"),
    family: words("Haddad Mansour Khoury Nasser Saleh Farouk Aziz Benali Hakim Sabbagh Rahmani Zidan"),
  },
  {
    given: words("Ayşe Mehmet Elif Emre Zeynep Mustafa Defne Can Nazlı Burak İpek Ozan"),
    family: words("Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın Arslan Doğan Koç Polat Güneş"),
  },
  {
    given: words("Shirin Dariush Parisa Kaveh Laleh Behrouz Niloufar Arash Mahsa Siavash Yasaman Babak"),
    family: words("Karimi Hosseini Ahmadi Rostami Farahani Moradi Jafari Sadeghi Tehrani Ghorbani Kazemi Shirazi"),
  },
  {
    given: words("Priya Arjun Ananya Rahul Kavya Vikram Meera Sanjay Divya Rohan Lakshmi Aditya"),
    family: words("Sharma Patel Iyer Reddy Mukherjee Nair Singh Deshpande Gupta Menon Chatterjee Rao"),
  },
  {
    given: words("Ayesha Bilal Sana Imran Hina Usman Rabia Faisal Mahnoor Zain Nimra Hamza"),
    family: words("Malik Qureshi Chaudhry Siddiqui Baig Raza Sheikh Mirza Hashmi Butt Javed Abbasi"),
  },
  {
    given: words("Mei Jun Xiulan Wei Lihua Feng Yanyan Hao Qing Jian Xiaoyu Bo"),
    family: words("Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Lin"),
    familyFirst: true,
  },
  {
    given: words("Min-jun Seo-yeon Ji-ho Ha-eun Do-yun Su-bin Hyun-woo Ye-jin Joon-ho Eun-ji Tae-yang Na-ri"),
    family: words("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin"),
    familyFirst: true,
  },
  {
    given: words("Haruka Kenji Yuki Takumi Sakura Hiroshi Aiko Ren Naomi Daichi Emi Sota"),
    family: words("Tanaka Suzuki Nakamura Kobayashi Yamada Ito Watanabe Mori Hayashi Ogawa Fujita Ishikawa"),
  },
  {
    given: words("Linh Minh Thảo Quân Hương Tuấn Lan Dũng Mai Khoa Ngọc Phúc"),
    family: words("Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô"),
    familyFirst: true,
  },
  {
    given: words("Dewi Budi Siti Agus Putri Bayu Ratna Eko Wulan Rizki Indah Joko"),
    family: words("Santoso Wijaya Pratama Kusuma Hidayat Nugroho Siregar Halim Suryadi Lestari Gunawan Saputra"),
  },
  {
    given: words("María José Lucía Mateo Valentina Diego Camila Andrés Ximena Joaquín Sofía Rafael"),
    family: words("García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Quispe"),
  },
  {
    given: words("João Ana Tiago Beatriz Pedro Inês Rui Mariana Caio Luísa Otávio Helena"),
    family: words("Silva Santos Oliveira Souza Pereira Ferreira Almeida Costa Ribeiro Carvalho Araújo Barbosa"),
  },
  {
    given: words("Camille Lucas Chloé Hugo Manon Théo Élise Julien Margaux Antoine Zoé Bastien"),
    family: words("Dubois Lefèvre Moreau Girard Fontaine Chevalier Bonnet Lambert Rousseau Mercier Blanchard Gauthier"),
  },
  {
    given: words("Anna Lukas Marie Jonas Katharina Felix Greta Moritz Johanna Emil Frieda Oskar"),
    family: words("Müller Schäfer Weber Hoffmann Köhler Richter Krüger Vogel Brandt Lorenz Baumann Seidel"),
  },
  {
    given: words("Zofia Jakub Łucja Wojciech Agnieszka Mateusz Kinga Paweł Jadwiga Tomasz Hania Szymon"),
    family: words("Nowak Wójcik Mazur Zieliński Król Dąbek Jabłoński Wróbel Stępień Górski Sikora Pawlak"),
  },
  {
    given: words("Olena Andriy Iryna Bohdan Svitlana Taras Kateryna Mykola Oksana Yuriy Halyna Danylo"),
    family: words(
      "Shevchenko Kovalenko Bondarenko Tkachenko Moroz Kravchuk Lysenko Savchuk Petrenko Marchenko Rudenko Hnatiuk",
    ),
  },
  {
    given: words("Ingrid Lars Astrid Erik Freja Nils Sigrid Henrik Maja Anders Liv Søren"),
    family: words("Johansson Hansen Lindqvist Nielsen Bergström Olsen Dahl Sørensen Nyström Haugen Ekman Holm"),
  },
  {
    given: words("Eleni Nikos Katerina Giorgos Sofia Dimitris Ioanna Kostas Despina Yannis Thalia Stavros"),
    family: words(
      "Papadakis Georgiou Nikolaidis Vasileiou Antoniou Makris Karras Economou Lambrou Dimou Pappas Sideris",
    ),
  },
  {
    given: words("Oliver Grace Harry Isla Callum Niamh Rhys Saoirse Ewan Megan Declan Fiona"),
    family: words("Taylor Hughes MacLeod O'Brien Bennett Murphy Price Campbell Walsh Turner Griffiths Fraser"),
  },
];
